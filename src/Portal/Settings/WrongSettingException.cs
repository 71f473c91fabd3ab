namespace Portal.Settings;

/// <summary>The start cannot go on. The message is one sentence for the operator, and names the setting.</summary>
public sealed class WrongSettingException(string sentence) : Exception(sentence);
