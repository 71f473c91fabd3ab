using CsCheck;
using Ledger.Tests.Tables;

namespace Ledger.Tests.Laws;

/// <summary>What a preview says is what then happens, whatever state the account is in.</summary>
public class A_preview
{
    private static readonly string[] Choices = ["pro", "max-5x", "max-20x", "team-standard", "gold", "cancel"];

    [Fact]
    public void Is_what_then_happens() =>
        Gen.Select(RandomCommands.Scenario, Gen.Int[0, Choices.Length - 1].Select(i => Choices[i])).Sample((scenario, choice) =>
        {
            var world = RandomCommands.NewWorld();
            RandomCommands.Run(world, scenario);
            var (account, written) = (world.Account, $"{world.Account.Settings} {world.Account.LastSeq} {world.Account.LastAt:O} {world.Account.NextDue:O} {world.Account.CreditLeft}");

            var preview = choice == "cancel" ? account.PreviewCancellation(world.Book, world.Now) : account.PreviewPlan(choice, world.Book, world.Now);

            Assert.Equal(written, $"{account.Settings} {account.LastSeq} {account.LastAt:O} {account.NextDue:O} {account.CreditLeft}");
            Assert.False(account.IsChanged);
            world.Decide(a => a.AdvanceTo(world.Now, world.Book));
            Assert.Equal(AccountTerms.Of(account), preview.Before);
            Assert.True(preview.IsAsShown(preview));
            var (fee, credit, wasOn, openHolds, lastEntry) = (account.Current.Fee, account.Current.Credit, account.ExtraUsageOn, account.OpenHolds, world.Entries.Count);
            var mortal = account.Grants.Select(g => g.Number).ToHashSet();

            Assert.Equal(world.Decide(a => choice == "cancel" ? a.CancelPlan(world.Book, world.Now, World.Owner) : a.ChoosePlan(choice, world.Book, world.Now, World.Owner)), preview.Outcome);

            Assert.Equal((account.Current.Fee - fee, account.Current.Credit - credit), (preview.FeeNow, preview.CreditNow));
            Assert.Equal(Money.Sum(account.Periods, p => p.ExtraHeld), preview.Held);
            Assert.Equal(preview.ExtraUsageOffAt == world.Now, wasOn && !account.ExtraUsageOn);
            if (preview.CountsFrom is not { } from || from == world.Now)
            {
                Assert.Equal(AccountTerms.Of(account), preview.After);
                Assert.True(preview.Lost.IsZero);
                return;
            }

            world.PassTo(from);
            world.Decide(a => a.AdvanceTo(world.Now, world.Book));
            Assert.Equal(AccountTerms.Of(account), preview.After);
            Assert.Equal(preview.ExtraUsageOffAt is not null, wasOn && !account.ExtraUsageOn);
            var lives = account.Status == AccountStatus.Open ? account.Grants.Where(g => g.ExpiresAt > from).Select(g => g.Number).ToHashSet() : [];

            // The last hold may end a day later; what a hold gives back may take over extra instead of being lost.
            world.PassTo(from.AddHours(25));
            world.Decide(a => a.AdvanceTo(world.Now, world.Book));
            var lost = Money.Sum(world.Entries.Skip(lastEntry).Where(e => e.Kind == EntryKind.Expiry && mortal.Contains(e.Grant!.Value) && !lives.Contains(e.Grant!.Value)), e => e.Amount)
                + (account.Status == AccountStatus.Closed ? Money.Sum(account.Grants.Where(g => mortal.Contains(g.Number)), g => g.Left) : Money.Zero);
            Assert.True(openHolds == 0 ? lost == preview.Lost : lost <= preview.Lost, $"{lost} is lost, not {preview.Lost}");
        }, iter: Law.Times(300, 20_000), print: sample => $"{RandomCommands.Print(sample.Item1)}\n{sample.Item2}");
}
