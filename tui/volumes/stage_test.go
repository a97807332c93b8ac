package volumes

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

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

// server has places for volumes and gives all of them, whatever it is asked.
type server struct {
	command.API
	offers   []vastapi.Offer
	searches []vastapi.OfferSearch
	changes  int
	err      error
}

func (s *server) SearchVolumes(_ context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	s.searches = append(s.searches, q)
	return vastapi.OfferPage{Offers: slices.Clone(s.offers), Rows: len(s.offers), Asked: q.Limit}, s.err
}

func (s *server) VolumeRaw(_ context.Context, id vastapi.VolumeID) (*safetext.Lines, error) {
	lines := safetext.NewLines(10, 1000)
	lines.Add(`"id": ` + id.String() + "\n")
	return lines, s.err
}

func (s *server) Do(context.Context, vastapi.Call) vastapi.Result {
	s.changes++
	return vastapi.Result{}
}

// stage is the view with the world around it, without a program.
type stage struct {
	t      testing.TB
	m      *Model
	server *server
	set    *command.Set
	data   *feed.Snapshot
	now    time.Time
	size   view.Size
	locked bool // the run is read-only
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{
		t: t, m: New(dark), server: &server{offers: places()}, data: &feed.Snapshot{}, now: noon, size: view.Size{W: 150, H: 26},
		set: command.New(t.Context(), command.Config{Market: command.Market{Limit: 1000, Max: 5000}}),
	}
	s.set.Use(s.server)
	return s
}

func (s *stage) env() view.Env {
	list, volumes := s.data.Instances.Value.Instances, s.data.Volumes.Value.Volumes
	return view.Env{
		Now: s.now, Data: s.data, Theme: dark, Size: s.size, ReadOnly: s.locked, Load: s.set.Loads(),
		Desk: rental.Desk{
			Now: s.now, At: s.now, NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 40,
			Burn: pricing.Account(list, volumes), Instances: list, Volumes: volumes,
		},
	}
}

// hear is what the root does with an answer: it is taken in and the view told.
func (s *stage) hear(msg tea.Msg) view.Effect {
	if a, ok := msg.(command.Answered); ok {
		s.set.Current(a)
	}
	if found, ok := msg.(command.PlacesFound); ok {
		found.At = s.now // of this world
		msg = found
	}
	if f, ok := msg.(feed.Folder); ok {
		f.Fold(s.data)
	}
	return s.granted(s.m.Update(s.env(), msg))
}

// granted grants what is to be remembered, and leaves the rest to the test.
func (s *stage) granted(e view.Effect) view.Effect {
	rest := view.Effect{Cmd: e.Cmd}
	for _, in := range e.Intents {
		if r, ok := in.(view.Remember); ok {
			memory := s.data.Memory.Clone()
			r.Change(&memory)
			s.data.Memory = memory
			continue
		}
		rest.Intents = append(rest.Intents, in)
	}
	return rest
}

// settle carries commands out until there is none. Waiting for the end of typing is due at once.
func (s *stage) settle(e view.Effect) view.Effect {
	s.t.Helper()
	var all view.Effect
	for n := 0; ; n++ {
		all.Intents = append(all.Intents, e.Intents...)
		if e.Cmd == nil {
			return all
		}
		if n == 100 {
			s.t.Fatal("still asking")
		}
		msgs := solo.Messages(e.Cmd)
		e = view.Effect{}
		for _, msg := range msgs {
			e = view.Join(e, s.hear(msg))
		}
	}
}

// load is an answer with these volumes, a moment after the one before.
func (s *stage) load(list ...vastapi.Volume) *stage {
	s.now = s.now.Add(10 * time.Second)
	s.hear(command.VolumesLoaded{Answer: command.Answer{At: s.now}, List: vastapi.VolumeList{Volumes: list}})
	return s
}

// with is an answer with these instances.
func (s *stage) with(list ...vastapi.Instance) *stage {
	s.now = s.now.Add(time.Second)
	s.hear(command.InstancesLoaded{Answer: command.Answer{At: s.now}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}})
	return s
}

// press does what the root does with a key: the view's action, else the view.
func (s *stage) press(names ...string) view.Effect { return solo.Press(s.granting, names...) }

func (s *stage) granting(name string) view.Effect { return s.granted(s.key(name)) }

func (s *stage) key(name string) view.Effect { return solo.Key(s.m, s.env(), name) }

// text types into the line that has the keyboard.
func (s *stage) text(t string) { solo.Type(s.granting, t) }

// filter types a whole query.
func (s *stage) filter(t string) {
	s.press("/")
	for s.m.query.Value() != "" && s.m.page == nil {
		s.press("backspace")
	}
	s.text(t)
	s.press("enter")
}

// openPlaces opens the search for places and waits for its rows.
func (s *stage) openPlaces(key string) *stage {
	s.t.Helper()
	s.settle(s.press(key))
	return s
}

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

// shown are the ids in the list, in their order.
func (s *stage) shown() string {
	var ids []string
	for n := range s.m.table.Shown() {
		r, _ := s.m.table.At(n)
		ids = append(ids, r.ID.String())
	}
	return strings.Join(ids, " ")
}

// only is the single wish of an effect.
func only[T view.Intent](t testing.TB, e view.Effect) T {
	t.Helper()
	return solo.Only[T](t, e)
}

func volume(id vastapi.VolumeID, name string, size vastapi.GB, holders ...vastapi.InstanceID) vastapi.Volume {
	v := vastapi.Volume{
		ID: id, Name: safetext.New(name), Status: safetext.New("created"), MachineID: vastapi.MachineID(id) + 1000, Size: size,
		StorageCost: 0.1, Instances: holders, Start: noon.Add(-48 * time.Hour), Geolocation: safetext.New("Falun, SE"), Country: "SE", Kind: safetext.New("machine"),
	}
	v.Hourly = v.StorageCost.Hourly(v.Size)
	return v
}

// some are one that is free, one that a running instance has, and one that a stopped one has.
func some() []vastapi.Volume {
	far := volume(883, "archive", 500, 78)
	far.Geolocation, far.Country = safetext.New("Austin, US"), "US"
	return []vastapi.Volume{volume(881, "models", 50), volume(882, "cache", 200, 77), far}
}

func instance(id vastapi.InstanceID, name, state string) vastapi.Instance {
	actual, want := "running", "running"
	if state != "running" {
		actual, want = "exited", "stopped"
	}
	w := safetext.New(want)
	return vastapi.Instance{
		ID: id, MachineID: 1, Label: safetext.New(name), Actual: safetext.New(actual), Intended: w, Cur: w, Next: w,
		DphBase: 0.4, BilledNow: 0.4, IfRunning: 0.4, StorageTotal: 0.02, Disk: 20,
	}
}

// full has the volumes and those who hold them.
func full(t testing.TB) *stage {
	return newStage(t).with(instance(77, "worker-a vx-abcdefghijkl", "running"), instance(78, "eval", "stopped")).load(some()...)
}

func placeAt(id vastapi.OfferID, machine vastapi.MachineID, price vastapi.PerGBMonth, room vastapi.GB, where string) vastapi.Offer {
	return vastapi.Offer{
		ID: id, MachineID: machine, HostID: 9, StorageCost: price, DiskSpace: room, Geolocation: safetext.New(where), Country: where[len(where)-2:],
		External: vastapi.FlagNo, Verification: safetext.New("verified"), Reliability: 0.99, Duration: 90 * 24 * time.Hour,
		DiskName: safetext.New("nvme"), InetDown: 900, InetUp: 800, DiskBW: 3000,
	}
}

// places are three, the cheapest first.
func places() []vastapi.Offer {
	return []vastapi.Offer{placeAt(1, 1001, 0.08, 100, "Falun, SE"), placeAt(2, 1002, 0.1, 2000, "Austin, US"), placeAt(3, 1881, 0.2, 1000, "Berlin, DE")}
}
