namespace Portal.SignIn.OpenIdConnect;

/// <summary>Why a sign-in at the provider came to nothing.</summary>
internal enum Failure
{
    /// <summary>What came back is not for this browser, is used up, or cannot be trusted.</summary>
    Refused,

    /// <summary>The person did not go through with it.</summary>
    Cancelled,

    /// <summary>The provider does not answer.</summary>
    Down,

    /// <summary>The person is locked out here.</summary>
    Locked,
}
