namespace Portal.Api;

/// <summary>Gathers what is wrong with a request, by field, so that one answer says all of it.</summary>
internal sealed class Checks
{
    private Dictionary<string, string[]>? _errors;

    public bool Failed => _errors is not null;

    public IReadOnlyDictionary<string, string[]> Errors => _errors ?? [];

    /// <summary>All of it in one sentence, for answers that have no place for fields.</summary>
    public string Detail => string.Join(" ", Errors.Select(e => $"{e.Key}: {string.Join(" ", e.Value)}"));

    public void Add(string field, string why)
    {
        _errors ??= new Dictionary<string, string[]>(StringComparer.Ordinal);
        _errors[field] = _errors.TryGetValue(field, out var others) ? [.. others, why] : [why];
    }

    public void Demand(bool holds, string field, string why)
    {
        if (!holds)
        {
            Add(field, why);
        }
    }

    public void Id(string field, string? value) => Demand(Texts.IsId(value), field, "It must have 1 to 128 letters, digits, dots, underscores, colons or hyphens.");

    public void AccountKey(string field, string? value) => Demand(Texts.IsAccountKey(value), field, "It must be an account's key: 1 to 64 of a-z, 0-9, _ and -.");

    public void Name(string field, string? value) => Demand(Texts.IsName(value), field, "It must have 1 to 256 characters, without control characters.");

    public void OptionalName(string field, string? value)
    {
        if (value is not null)
        {
            Name(field, value);
        }
    }

    /// <summary>An optional instant; what cannot be read is an error and <c>null</c>.</summary>
    public DateTimeOffset? Instant(string field, string? value)
    {
        if (value is null)
        {
            return null;
        }
        if (Instants.TryParse(value, out var instant))
        {
            return instant;
        }
        Add(field, "It must be an instant of RFC 3339, such as 2026-11-23T10:00:00Z.");
        return null;
    }
}
