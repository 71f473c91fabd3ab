using CsCheck;
using Ledger.Tests.Tables;

namespace Ledger.Tests.Laws;

/// <summary>A claim, a grant, a charge, or a hold with its end: one or two commands that keep their own order.</summary>
internal sealed record Piece(Money Granted, Money Charged, params string[] Commands);

/// <summary>The same charges, claims, grants and holds of one period, in any order: with extra on, no cap reached, nothing uncollected or expired.</summary>
internal static class AccountPieces
{
    private static readonly Gen<Money> Dollars = Gen.Long[0, 30_000_000_000].Select(n => new Money(n));

    public static readonly Gen<Piece[]> Some = Gen.Select(Gen.Int[0, 6], Dollars, Dollars, Gen.Bool).Select((kind, amount, most, onN) =>
    {
        var model = onN ? " model=n" : "";
        var hold = $"hold %id {most}{model}";
        return kind switch
        {
            0 => new Piece(amount + Money.Smallest, Money.Zero, $"goodwill {amount + Money.Smallest} until=+60d"),
            1 or 2 => new Piece(Money.Zero, amount, $"use {amount}{model}"),
            3 => new Piece(Money.Zero, Money.Zero, hold, "release %id"),
            _ => new Piece(Money.Zero, amount, hold, $"settle %id {amount}"),
        };
    }).Array[1, 19].Select(pieces => (Piece[])[new Piece(Money.FromDollars(20), Money.Zero, "claim"), .. pieces]);

    /// <summary>An account on which no piece is refused or left uncollected.</summary>
    public static Steps World()
    {
        var world = new World(TestTerms.Book(promotions: [new Promotion("ten", TestTerms.At("2026-10-01"), TestTerms.At("2026-12-20"), 100_000, ["n"], [])]));
        world.PassTo(TestTerms.At("2026-11-01"));
        world.Begin("max-20x", world.Now, world.Now);
        var steps = new Steps(world);
        steps.Do("plan pro");
        world.PassTo(TestTerms.At("2026-12-01"));
        steps.Do("extra on 2000");
        return steps;
    }

    /// <summary>The commands of the pieces in the order of their keys, each with the piece that it is of.</summary>
    public static IEnumerable<(int Piece, string Command)> InOrder(Piece[] pieces, int[] keys) =>
        pieces.SelectMany((piece, i) => piece.Commands.Select((command, step) => (Key: step == 0 ? Math.Min(keys[2 * i], keys[2 * i + 1]) : Math.Max(keys[2 * i], keys[2 * i + 1]), i, step, command)))
            .OrderBy(c => c.Key).ThenBy(c => c.i).ThenBy(c => c.step).Select(c => (c.i, c.command.Replace("%id", $"h{c.i}", StringComparison.Ordinal)));
}
