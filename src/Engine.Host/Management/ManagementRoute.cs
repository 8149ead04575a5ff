using Engine.Host.Exchange;
using Engine.Host.Server;
using Engine.Wire.Completion;
using Engine.Wire.Completion.Request;
using Engine.Wire.OpenAiChat;

namespace Engine.Host.Management;

/// <summary>Routes behind the management gate; client keys do not matter there.</summary>
internal static class ManagementRoute
{
    public static Route Of(string method, Func<RequestScope, Task> handle) => new(
        "management",
        method,
        static _ => OpenAiChatDialect.Instance,
        scope => scope.State.Management.Check(scope.Http.Request) is { } refusal ? RefuseAsync(scope, refusal) : handle(scope))
    {
        AlwaysOpen = true,
    };

    public static Task RefuseAsync(RequestScope scope, UpstreamError error) =>
        ErrorAnswer.WriteAsync(scope.Http.Response, OpenAiChatDialect.Instance, error, scope.Facts, new LossLedger());
}
