using Ledger;
using Portal.Accounts;

namespace Portal.Demo;

/// <summary>What a provider's campaign gave an account. Pages and the API give none, so in the demo this stands for the provider's own doing.</summary>
internal sealed record GivePromotionalCredit(string Account, Money Amount, TimeSpan Lasts, string Reason) : Command<Grant>
{
    internal override string Line => Account;

    internal override void Needs(Needs needs) => needs.Accounts.Add(Account);

    internal override Grant Outcome(Batch batch) => batch.Accounts[Account].GrantPromotion(Amount, batch.Now + Lasts, Reason, batch.Book, batch.Now, Actor.Portal.Id);
}
