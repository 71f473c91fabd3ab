namespace Ledger; internal static class Placeholder;
