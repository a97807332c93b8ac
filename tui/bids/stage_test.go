package bids

import (
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dark = theme.New(true)
)

// stage is the view with the world around it, without a program.
type stage struct {
	t      testing.TB
	m      *Model
	data   *feed.Snapshot
	now    time.Time
	size   view.Size
	locked bool // the run is read-only
	busy   map[vastapi.InstanceID]string
	caps   rental.Caps
	set    *command.Set
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{t: t, m: New(dark), data: &feed.Snapshot{}, now: noon, size: view.Size{W: 170, H: 30}, caps: rental.DefaultCaps(), set: command.New(t.Context(), command.Config{})}
	s.m.Update(s.env(), view.Shown{})
	return s
}

func (s *stage) env() view.Env {
	list := s.data.Instances.Value.Instances
	return view.Env{
		Now: s.now, Data: s.data, Theme: dark, Size: s.size, ReadOnly: s.locked, Busy: s.busy, Load: s.set.Loads(),
		Desk: rental.Desk{
			Now: s.now, At: s.now, NewID: func() string { return "plan" }, Caps: s.caps, Credit: 40,
			Burn: pricing.Account(list, nil), Instances: list,
		},
	}
}

// load is an answer with these instances, a moment after the one before.
func (s *stage) load(list ...vastapi.Instance) *stage {
	s.t.Helper()
	return s.after(10*time.Second, list...)
}

func (s *stage) after(d time.Duration, list ...vastapi.Instance) *stage {
	s.now = s.now.Add(d)
	s.answer(command.InstancesLoaded{Page: vastapi.InstancePage{Instances: list, Total: len(list)}})
	return s
}

func (s *stage) answer(msg command.InstancesLoaded) {
	msg.At = s.now
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
}

// listed is an answer with what machines cost on demand.
func (s *stage) listed(asked []vastapi.MachineID, offers ...vastapi.Offer) *stage {
	msg := command.ListingsRead{Answer: command.Answer{At: s.now}, Machines: asked, Offers: offers}
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
	return s
}

// press does what the root does with a key: the view's action, else the view.
func (s *stage) press(names ...string) view.Effect { return solo.Press(s.key, names...) }

func (s *stage) key(name string) view.Effect { return solo.Key(s.m, s.env(), name) }

// text types into the filter.
func (s *stage) text(t string) { solo.Type(s.key, t) }

func (s *stage) plain() string { return solo.Plain(s.m, s.env(), s.size) }

// line is the line of the screen that holds text.
func (s *stage) line(text string) string {
	s.t.Helper()
	for _, l := range strings.Split(s.plain(), "\n") {
		if strings.Contains(l, text) {
			return l
		}
	}
	s.t.Fatalf("%q is not there:\n%s", text, s.plain())
	return ""
}

func (s *stage) has(want ...string) {
	s.t.Helper()
	solo.Has(s.t, s.plain(), want...)
}

// reason is why a key's action cannot be done; "no such key" when there is none.
func (s *stage) reason(key string) string { return solo.Reason(s.m, s.env(), key) }

// intent is the first wish of its type in an effect.
func intent[T view.Intent](t testing.TB, e view.Effect) T {
	t.Helper()
	return solo.Wish[T](t, e)
}

// bidding is an interruptible instance that runs: two GPUs for a bid of $0.60, a price
// to hold of $0.40 and a disk for $0.02.
func bidding(id vastapi.InstanceID, label string) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: vastapi.MachineID(id) + 100, HostID: 9, Label: safetext.New(label), Actual: word, Intended: word, Cur: word, Next: word,
		GPUName: safetext.New("RTX 4090"), NumGPUs: 2, Disk: 80, Bid: true, DphBase: 0.6, MinBid: 0.4,
		StorageCost: 0.18, DphTotal: 0.62, BilledNow: 0.62, IfRunning: 0.62, StorageTotal: 0.02,
		Geolocation: safetext.New("Stockholm, SE"), Country: "SE", Image: safetext.New("pytorch/pytorch"),
	}
}

// at is a bid of that price.
func at(i vastapi.Instance, bid, hold vastapi.Rate) vastapi.Instance {
	i.DphBase, i.MinBid, i.DphTotal, i.IfRunning = bid, hold, bid+0.02, bid+0.02
	return i
}

// paused is an instance as one looks that is outbid, or stopped.
func paused(i vastapi.Instance) vastapi.Instance {
	word := safetext.New("stopped")
	i.Actual, i.Intended, i.Cur, i.Next, i.BilledNow = safetext.New("exited"), word, word, word, 0.02
	return i
}

// bought is what machine offers on demand.
func bought(machine vastapi.MachineID, gpus int, rate vastapi.Rate) vastapi.Offer {
	return vastapi.Offer{ID: vastapi.OfferID(machine) * 10, MachineID: machine, NumGPUs: gpus, DphBase: rate, DphTotal: rate + 0.02, StorageTotal: 0.02}
}

func onDemand(id vastapi.InstanceID) vastapi.Instance {
	i := bidding(id, "on-demand")
	i.Bid, i.MinBid = false, vastapi.Unknown[vastapi.Rate]()
	return i
}

// some are a bid that wins, one at risk, one that is outbid, and one that is no bid.
func some() []vastapi.Instance {
	return []vastapi.Instance{
		bidding(18820341, "worker-a"), at(bidding(18820377, "worker-b vx-abcdefghijkl"), 0.42, 0.4),
		paused(at(bidding(18821102, "eval"), 0.4, 0.5)), onDemand(18829999),
	}
}
