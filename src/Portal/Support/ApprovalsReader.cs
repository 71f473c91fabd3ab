namespace Portal.Support;

/// <summary>What waits for a second person, the longest first.</summary>
public sealed record ApprovalsFigures(IReadOnlyList<GoodwillLine> Goodwill, IReadOnlyList<CorrectionLine> Corrections);

/// <summary>Reads what waits for a second person.</summary>
public sealed class ApprovalsReader(SupportAccountReader accounts, CorrectionReader corrections)
{
    private const int Most = 100;

    public async Task<ApprovalsFigures?> Read(CancellationToken cancel = default) =>
        new(await accounts.Waiting(Most, cancel), await corrections.Waiting(Most, cancel));
}
