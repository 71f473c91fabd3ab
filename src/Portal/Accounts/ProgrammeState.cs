using Ledger;

namespace Portal.Accounts;

/// <summary>Where the credit programme stands, for pages that speak of credit.</summary>
/// <param name="Phase">Its terms now.</param>
/// <param name="Next">Its next terms, if any are scheduled.</param>
/// <param name="ActiveFrom">When it becomes active, if that is scheduled.</param>
public sealed record ProgrammeState(ProgrammePhase Phase, ProgrammePhase? Next, DateTimeOffset? ActiveFrom)
{
    public static ProgrammeState At(PriceBook book, DateTimeOffset instant)
    {
        ArgumentNullException.ThrowIfNull(book);
        return new ProgrammeState(book.ProgrammeAt(instant), book.NextPhase(instant), book.NextActivation(instant));
    }
}
