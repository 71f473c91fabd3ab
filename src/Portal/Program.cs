var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/", () => "Portal");
app.Run();

/// <summary>The application's entry point, named so that tests can host it.</summary>
public partial class Program;
