namespace Portal.SignIn;

/// <summary>What subscribers call somebody of support: always the same for the same person, and no name or address, which are the person's own.</summary>
public static class StaffName
{
    private const int Shown = 8;

    /// <summary>"Support 3f2a91c0": the beginning of the user's id, by which the provider finds who it was.</summary>
    public static string Of(string userId)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return $"Support {(userId.Length <= Shown ? userId : userId[..Shown])}";
    }
}
