using Engine.Actors.Accounts;
using Engine.Actors.Rotation;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Actors.Tests.Rotation;

/// <summary>Random histories of publishing, leasing and returning against a naive model that knows standings, reviews and probes.</summary>
public sealed class RotationHistoryTests
{
    private static readonly string[] Strategies = ["round-robin", "least-busy", "weighted", "request-count", "quota-exhausted", "fill-first"];

    [Fact]
    public void No_barred_lane_is_leased_no_gate_has_two_probes_and_whoever_can_serve_does() => Prop.ForAll(
        Gen.Choose(0, 1_000_000).Four().Select(static x => (Action: x.Item1 % 10, Lane: x.Item2, Seconds: x.Item3 % 30, Pick: x.Item4)).ListOf().ToArbitrary(),
        static steps =>
        {
            var play = new Play(Strategies[steps.Count % Strategies.Length]);
            foreach (var step in steps)
            {
                play.Do(step.Action, step.Lane, step.Seconds, step.Pick);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_500).WithEndSize(150));

    private sealed class Play
    {
        private readonly RotationScene _scene = new();
        private readonly Lane[] _lanes;
        private readonly RotationTable _table;
        private readonly AccountPool _pool;

        // By gate: "a0" for an account, "a0/m" for its model; a probe by the number of its lease.
        private readonly Dictionary<string, Standing> _standings = [];
        private readonly Dictionary<string, int> _probes = [];
        private readonly List<(int Number, Lease Lease)> _out = [];
        private readonly List<(string Gate, Review Review)> _reviews = [];
        private int _leases;

        public Play(string strategy)
        {
            var accounts = Enumerable.Range(0, 3).Select(static i => RotationScene.Account($"a{i}", weight: i + 1)).ToArray();
            _lanes = [.. accounts.SelectMany(static account => new[] { account.LaneOf("m", AccountLimits.None), account.LaneOf("n", AccountLimits.None) })];
            _table = RotationScene.Table(
                strategy switch
                {
                    "least-busy" => new LeastBusy(),
                    "weighted" => new Weighted(),
                    "request-count" => new RequestCount(2),
                    "quota-exhausted" => new QuotaExhausted(),
                    "fill-first" => new FillFirst(),
                    _ => new RoundRobin(),
                },
                _lanes);
            _pool = _scene.Pool();
        }

        public void Do(int action, int lane, int seconds, int pick)
        {
            var target = _lanes[lane % _lanes.Length];
            switch (action)
            {
                case 0:
                    Publish(target, ofModel: pick % 2 == 0, Standing.Available.Instance);
                    break;
                case 1:
                    Publish(target, ofModel: pick % 2 == 0, _scene.Cooling(TimeSpan.FromSeconds(seconds)));
                    break;
                case 2:
                    Publish(target, ofModel: pick % 2 == 0, pick % 5 == 0 ? new Standing.Suspended(default, "operator") : new Standing.Exhausted(default, null, _scene.Time.GetUtcNow().AddSeconds(seconds)));
                    break;
                case 3:
                    _scene.Time.Advance(TimeSpan.FromSeconds(seconds));
                    break;
                case 4 when _out.Count > 0:
                    Return(pick % _out.Count);
                    break;
                case 5:
                    _reviews.Add((pick % 2 == 0 ? AccountGate(target) : ModelGate(target), target.BeginReview(pick % 2 == 0)));
                    break;
                case 6 when _reviews.Count > 0:
                    _reviews[pick % _reviews.Count].Review.End();
                    _reviews.RemoveAt(pick % _reviews.Count);
                    break;
                default:
                    Lease(pick % 3 == 0 ? (UInt128)(1 + (pick % 4)) : 0);
                    break;
            }
        }

        private static string AccountGate(Lane lane) => lane.Account.Id.Account;

        private static string ModelGate(Lane lane) => $"{lane.Account.Id.Account}/{lane.Model}";

        private void Publish(Lane lane, bool ofModel, Standing standing)
        {
            var state = lane.Account.State;
            lane.Account.Publish(ofModel ? state with { Models = state.Models.SetItem(lane.Model, new ModelState(standing, 1)) } : state with { Standing = standing });
            var gate = ofModel ? ModelGate(lane) : AccountGate(lane);
            _standings[gate] = standing;
            if (standing is Standing.Available)
            {
                _probes.Remove(gate);
            }
        }

        private void Return(int index)
        {
            var (number, lease) = _out[index];
            lease.Return(0, wasSent: true, _scene.Now);
            _out.RemoveAt(index);
            foreach (var (gate, _) in _probes.Where(probe => probe.Value == number).ToArray())
            {
                _probes.Remove(gate);
            }
        }

        private void Lease(UInt128 session)
        {
            var can = _lanes.Where(CanServe).ToArray();
            var result = _pool.TryLease(_table, new LeaseRequest { Session = session });
            if (result.Answer != LeaseAnswer.Leased)
            {
                Assert.Empty(can);
                Assert.Equal(_lanes.Min(UsableAt), result.Answer == LeaseAnswer.NobodyCan ? DateTimeOffset.MaxValue.UtcTicks : result.UsableAt);
                return;
            }

            var lease = result.Lease;
            Assert.Contains(lease.Lane, can);
            Assert.Equal(IsHalfOpen(AccountGate(lease.Lane)), lease.ProbesAccount);
            Assert.Equal(IsHalfOpen(ModelGate(lease.Lane)), lease.ProbesModel);
            _out.Add((++_leases, lease));
            if (lease.ProbesAccount)
            {
                _probes.Add(AccountGate(lease.Lane), _leases);
            }

            if (lease.ProbesModel)
            {
                _probes.Add(ModelGate(lease.Lane), _leases);
            }
        }

        // How many calls follow a rest at once is the ramp's matter.
        private bool CanServe(Lane lane) =>
            CanPass(AccountGate(lane)) && CanPass(ModelGate(lane)) && lane.Check(_scene.Now, out var _) != PassedOver.FewLeft;

        private bool CanPass(string gate) =>
            StandingOf(gate).UsableAt.UtcTicks <= _scene.Now && !_probes.ContainsKey(gate) && !_reviews.Exists(review => review.Gate == gate);

        private long UsableAt(Lane lane) =>
            Math.Max(_scene.Now, Math.Max(StandingOf(AccountGate(lane)).UsableAt.UtcTicks, StandingOf(ModelGate(lane)).UsableAt.UtcTicks));

        private bool IsHalfOpen(string gate) => StandingOf(gate) is not Standing.Available;

        private Standing StandingOf(string gate) => _standings.GetValueOrDefault(gate, Standing.Available.Instance);
    }
}
