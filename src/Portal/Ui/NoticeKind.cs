namespace Portal.Ui;

/// <summary>What a notice says about the world. Only <see cref="Warning"/> and <see cref="Refused"/> use the warning colour: they can stop or cost you.</summary>
public enum NoticeKind
{
    /// <summary>Good to know; nothing stops or costs.</summary>
    Info,

    /// <summary>Done, and saved.</summary>
    Done,

    /// <summary>This can stop or cost you.</summary>
    Warning,

    /// <summary>An expected refusal: a limit was met.</summary>
    Refused,

    /// <summary>A bug or an outage.</summary>
    Failed,
}
