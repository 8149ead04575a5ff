using System.Collections.Frozen;

namespace Engine.Host.Server;

/// <summary>
/// From path to route: exact paths by a frozen table, then prefixes, longest first. One path may have a route per method.
/// </summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, Route[]> _exact;
    private readonly (string Prefix, Route[] Routes)[] _prefixes;

    /// <summary>Builds the table. A path that ends in <c>*</c> is a prefix.</summary>
    public RouteTable(IEnumerable<(string Path, Route Route)> routes)
    {
        var byPath = routes.GroupBy(each => each.Path, each => each.Route, StringComparer.Ordinal).ToList();
        _exact = byPath.Where(group => !group.Key.EndsWith('*')).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        _prefixes = [.. byPath.Where(group => group.Key.EndsWith('*'))
            .Select(group => (Prefix: group.Key[..^1], Routes: group.ToArray()))
            .OrderByDescending(each => each.Prefix.Length)];
    }

    /// <summary>The routes of a path, one per method; empty when there is none.</summary>
    public IReadOnlyList<Route> Find(string path)
    {
        if (_exact.TryGetValue(path, out var exact))
        {
            return exact;
        }

        foreach (var (prefix, routes) in _prefixes)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal))
            {
                return routes;
            }
        }

        return [];
    }
}
