using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;

namespace Portal.SignIn.Forms;

/// <summary>What is wrong with a form that was sent: each mistake with the id of the field that it is about.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A form's errors are no general collection.")]
public sealed class FormErrors
{
    private readonly List<(string Field, string Text)> all = [];

    public IReadOnlyList<(string Field, string Text)> All => all;

    public bool Any => all.Count > 0;

    /// <summary>What is wrong with one field; null if nothing is.</summary>
    public string? this[string field]
    {
        get
        {
            var texts = all.Where(error => error.Field == field).Select(error => error.Text).ToList();
            return texts.Count == 0 ? null : string.Join(" ", texts);
        }
    }

    public void Add(string field, string text) => all.Add((field, text));

    /// <summary>Adds a mistake if something does not hold.</summary>
    public void Demand(bool holds, string field, string text)
    {
        if (!holds)
        {
            Add(field, text);
        }
    }

    /// <summary>What Identity refused.</summary>
    public void Add(string field, IdentityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        all.AddRange(result.Errors.Select(error => (field, error.Description)));
    }
}
