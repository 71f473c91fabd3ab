using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace Portal.Tests.Accounts;

/// <summary>What a person does on a page: finds by name, presses, types, reads.</summary>
internal static partial class Press
{
    public static IElement Button<T>(this IRenderedComponent<T> page, string name) where T : IComponent =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == name);

    public static IElement Field<T>(this IRenderedComponent<T> page, string label) where T : IComponent
    {
        var id = page.FindAll("label").Single(l => l.TextContent.Trim() == label).GetAttribute("for");
        return page.Find($"#{id}");
    }

    /// <summary>Types as a browser does: a field that listens to each key hears it, and one that listens to the end hears that.</summary>
    public static async Task Type<T>(this IRenderedComponent<T> page, string label, string text) where T : IComponent
    {
        if (page.Field(label).HasAttribute("blazor:oninput"))
        {
            await page.Field(label).InputAsync(new ChangeEventArgs { Value = text });
        }
        if (page.Field(label).HasAttribute("blazor:onchange"))
        {
            await page.Field(label).ChangeAsync(new ChangeEventArgs { Value = text });
        }
    }

    /// <summary>The text as it is read: cells, lines and blocks are apart, words within a line as they stand.</summary>
    public static string Text<T>(this IRenderedComponent<T> page, string selector) where T : IComponent
    {
        var apart = Block().Replace(page.Find(selector).InnerHtml, " $0");
        var text = WebUtility.HtmlDecode(Tag().Replace(apart, ""));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    public static void Shows<T>(this IRenderedComponent<T> page, string selector, string text) where T : IComponent =>
        page.WaitForAssertion(() => Assert.Contains(text, page.Text(selector), StringComparison.Ordinal));

    [GeneratedRegex("<(td|th|tr|li|p|div|dt|dd|h2|details|summary|ul|span class=\"(history-detail|activity-detail|steps-words))")]
    private static partial Regex Block();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
