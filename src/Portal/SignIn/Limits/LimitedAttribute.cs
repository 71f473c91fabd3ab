namespace Portal.SignIn.Limits;

/// <summary>Marks a page or endpoint whose forms a guesser would send again and again: how often they may be sent is limited (see <see cref="TryLimits"/>).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LimitedAttribute : Attribute;
