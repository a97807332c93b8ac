package instances

import (
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
	opened map[vastapi.InstanceID]rental.Opened
	set    *command.Set
}

func newStage(t testing.TB) *stage {
	t.Helper()
	return &stage{t: t, m: New(dark), data: &feed.Snapshot{}, now: noon, size: view.Size{W: 150, H: 24}, set: command.New(t.Context(), command.Config{})}
}

func (s *stage) env() view.Env {
	list := s.data.Instances.Value.Instances
	return view.Env{
		Now: s.now, Data: s.data, Theme: dark, Size: s.size, ReadOnly: s.locked, Busy: s.busy, Load: s.set.Loads(),
		Desk: rental.Desk{
			Now: s.now, At: s.now, NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 40,
			Burn: pricing.Account(list, nil), Instances: list, Opened: s.opened,
		},
	}
}

// load is an answer with these instances, a moment after the one before.
func (s *stage) load(list ...vastapi.Instance) *stage {
	s.t.Helper()
	s.answer(command.InstancesLoaded{Page: vastapi.InstancePage{Instances: list, Total: len(list)}})
	return s
}

// volumes is an answer with these volumes.
func (s *stage) volumes(list ...vastapi.Volume) {
	command.VolumesLoaded{Answer: command.Answer{At: s.now}, List: vastapi.VolumeList{Volumes: list}}.Fold(s.data)
}

func (s *stage) answer(msg command.InstancesLoaded) view.Effect {
	s.now = s.now.Add(10 * time.Second)
	msg.At = s.now
	msg.Fold(s.data)
	return s.m.Update(s.env(), msg)
}

// press does what the root does with a key: the view's action, else the view.
func (s *stage) press(names ...string) view.Effect { return solo.Press(s.key, names...) }

func (s *stage) key(name string) view.Effect { return solo.Key(s.m, s.env(), name) }

// text types into the filter.
func (s *stage) text(t string) { solo.Type(s.key, t) }

func (s *stage) plain() string { return solo.Plain(s.m, s.env(), s.size) }

func (s *stage) has(want ...string) {
	s.t.Helper()
	solo.Has(s.t, s.plain(), want...)
}

func (s *stage) lacks(texts ...string) {
	s.t.Helper()
	solo.Lacks(s.t, s.plain(), texts...)
}

// reason is why a key's action cannot be done; "no such key" when there is none.
func (s *stage) reason(key string) string { return solo.Reason(s.m, s.env(), key) }

// label is what the bottom line says a key does.
func (s *stage) label(key string) string { return solo.Label(s.m, s.env(), key) }

// under is the id of the instance under the cursor, 0 when there is none.
func (s *stage) under() vastapi.InstanceID {
	r, ok := s.m.table.Cursor()
	if !ok {
		return 0
	}
	return r.ID
}

func running(id vastapi.InstanceID, label string) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: vastapi.MachineID(id) + 100, Label: safetext.New(label), Actual: word, Intended: word, Cur: word, Next: word,
		GPUName: safetext.New("RTX 4090"), NumGPUs: 2, Disk: 80, DiskUsed: vastapi.Unknown[vastapi.GB](),
		DphBase: 0.8, StorageCost: 0.18, DphTotal: 0.82, BilledNow: 0.82, IfRunning: 0.82, StorageTotal: 0.02,
		MinBid: vastapi.Unknown[vastapi.Rate](), Geolocation: safetext.New("Stockholm, SE"), Image: safetext.New("pytorch/pytorch"),
	}
}

func stopped(id vastapi.InstanceID, label string) vastapi.Instance {
	i := running(id, label)
	word := safetext.New("stopped")
	i.Actual, i.Intended, i.Cur, i.Next = safetext.New("exited"), word, word, word
	i.BilledNow = 0.02
	return i
}

// some are two that run and one that is stopped.
func some() []vastapi.Instance {
	return []vastapi.Instance{running(18820341, "worker-a"), running(18820377, "worker-b vx-abcdefghijkl"), stopped(18821102, "eval")}
}
