using Ledger;

namespace Portal.Ui;

/// <summary>How much credit was, or will be, left at an instant: a point of <see cref="BurnDown"/>.</summary>
public readonly record struct CreditAt(DateTimeOffset At, Money Left);
