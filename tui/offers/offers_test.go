package offers

import (
	"context"
	"fmt"
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

// market is a server that knows offers and price windows and nothing else; a
// call of any other method is a mistake of the view.
type market struct {
	command.API
	offers   []vastapi.Offer
	searches []vastapi.OfferSearch
	err      error
}

func (s *market) SearchOffers(_ context.Context, q vastapi.OfferSearch) (vastapi.OfferPage, error) {
	s.searches = append(s.searches, q)
	p := vastapi.OfferPage{Asked: q.Limit}
	floor, _ := q.Filter["dph_total"]["gte"].(float64)
	list := slices.Clone(s.offers)
	slices.SortStableFunc(list, func(a, b vastapi.Offer) int { return int(1e6 * (a.DphTotal - b.DphTotal)) })
	only, _ := q.Filter["ask_contract_id"]["in"].([]any)
	for _, o := range list {
		if !(float64(o.DphTotal) < floor) && len(p.Offers) < q.Limit && (only == nil || slices.Contains(only, any(int64(o.ID)))) {
			p.Offers = append(p.Offers, o)
		}
	}
	p.Rows = len(p.Offers)
	return p, s.err
}

func (s *market) GPUNames(context.Context) ([]safetext.Text, error) {
	return []safetext.Text{safetext.New("RTX 4090"), safetext.New("RTX 6000Ada")}, nil
}

func (s *market) Templates(context.Context, vastapi.TemplateQuery) ([]vastapi.Template, error) {
	return nil, nil
}

func (s *market) SSHKeys(context.Context) ([]vastapi.SSHKey, error) { return nil, nil }

// stage is the view with the world around it, without a program.
type stage struct {
	t      *testing.T
	m      *Model
	server *market
	set    *command.Set
	data   *feed.Snapshot
	now    time.Time
	size   view.Size
	locked bool   // the run is read-only
	whose  string // the account, "" = not known yet
}

func newStage(t *testing.T, limit command.Market, offers ...vastapi.Offer) *stage {
	t.Helper()
	s := &stage{
		t: t, m: New(dark), server: &market{offers: offers}, data: &feed.Snapshot{}, now: noon, size: view.Size{W: 140, H: 30},
		set: command.New(t.Context(), command.Config{Market: limit}),
	}
	s.set.Use(s.server)
	return s
}

var usual = command.Market{Limit: 1000, Max: 5000}

func (s *stage) env() view.Env {
	return view.Env{
		Now: s.now, Data: s.data, Theme: dark, Load: s.set.Loads(), Size: s.size, ReadOnly: s.locked,
		Desk: rental.Desk{Now: s.now, At: s.now, Whose: s.whose, NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 40, Burn: pricing.Burn{}},
	}
}

// hear is what the root does with an answer: it is taken in and the view told.
func (s *stage) hear(msg tea.Msg) view.Effect {
	if found, ok := msg.(command.OffersFound); ok {
		msg = s.fold(found)
	}
	if a, ok := msg.(command.Answered); ok {
		s.set.Current(a)
	}
	if f, ok := msg.(feed.Folder); ok {
		f.Fold(s.data)
	}
	return s.m.Update(s.env(), msg)
}

// fold takes a page into the market as the root does.
func (s *stage) fold(found command.OffersFound) tea.Msg {
	if found.Err != nil {
		return found.Failed()
	}
	msg := s.set.FoldOffers(s.data, found, false)()
	s.set.Current(msg.(command.Answered))
	return msg
}

// settle carries commands out, one after the other, until there is none. It
// fails when the view asks the market more often than limit.
func (s *stage) settle(e view.Effect, limit int) {
	s.t.Helper()
	asked := len(s.server.searches)
	for n := 0; e.Cmd != nil; n++ {
		if n == 1000 || len(s.server.searches)-asked > limit {
			s.t.Fatalf("still asking after %d answers", len(s.server.searches)-asked)
		}
		e = s.answer(e)
	}
}

// answer carries the commands of an effect out and tells the view what they
// come to. What it wants then is the effect that is returned.
func (s *stage) answer(e view.Effect) view.Effect {
	var next []view.Effect
	for _, msg := range solo.Messages(e.Cmd) {
		next = append(next, s.granted(s.hear(msg)))
	}
	return view.Join(next...)
}

// granted grants what the root grants at once, and leaves the rest to the test.
func (s *stage) granted(e view.Effect) view.Effect {
	rest := view.Effect{Cmd: e.Cmd}
	for _, in := range e.Intents {
		switch in := in.(type) {
		case view.Remember:
			memory := s.data.Memory.Clone()
			in.Change(&memory)
			s.data.Memory = memory
			rest = view.Join(rest, s.granted(s.hear(command.MemoryChanged{})))
		case view.Note:
			s.data.Events = append(s.data.Events, in.Event)
		default:
			rest.Intents = append(rest.Intents, in)
		}
	}
	return rest
}

// load searches as the root makes the view search.
func (s *stage) load() *stage {
	s.t.Helper()
	s.settle(s.m.Update(s.env(), command.Refresh{}), 100)
	return s
}

// press does what the root does with a key: the view's action, else the view.
func (s *stage) press(names ...string) view.Effect { return solo.Press(s.granting, names...) }

func (s *stage) granting(name string) view.Effect { return s.granted(s.key(name)) }

func (s *stage) key(name string) view.Effect { return solo.Key(s.m, s.env(), name) }

// text types into the query.
func (s *stage) text(t string) view.Effect { return solo.Type(s.granting, t) }

// plain is the view as letters only.
func (s *stage) plain() string { return solo.Plain(s.m, s.env(), s.size) }

func (s *stage) has(want ...string) {
	s.t.Helper()
	solo.Has(s.t, s.plain(), want...)
}

func (s *stage) lacks(text string) {
	s.t.Helper()
	solo.Lacks(s.t, s.plain(), text)
}

// reason is why a key's action cannot be done; "no such key" when there is none.
func (s *stage) reason(key string) string { return solo.Reason(s.m, s.env(), key) }

func offer(id int, gpu string, gpus int, price vastapi.Rate) vastapi.Offer {
	return vastapi.Offer{
		ID: vastapi.OfferID(id), MachineID: vastapi.MachineID(1000 + id), HostID: 31, GPUName: safetext.New(gpu), NumGPUs: gpus, GPURAM: 24564,
		CUDA: 12.8, DiskSpace: 500, DphBase: price, DphTotal: price, StorageCost: 0.15, Reliability: 0.9951,
		MinBid: price / 2, InetUpCost: 0.001, InetDownCost: 0.002, Verification: safetext.New("verified"),
		Rentable: vastapi.FlagYes, Rented: vastapi.FlagNo, External: vastapi.FlagNo,
		Geolocation: safetext.New("Stockholm, SE"), Country: "SE", Duration: 90 * 24 * time.Hour,
	}
}

// three are offers of which each can be told from the others.
func three() []vastapi.Offer {
	return []vastapi.Offer{offer(1, "RTX 4090", 1, 0.4), offer(2, "RTX 3090", 2, 0.5), offer(3, "H100 SXM", 8, 18)}
}

// many are n offers at prices a tenth of a cent apart.
func many(n int) []vastapi.Offer {
	var list []vastapi.Offer
	for i := range n {
		list = append(list, offer(i+1, "RTX 4090", 1, vastapi.Rate(100+i)/1000))
	}
	return list
}

// under is the machine of the offer under the cursor, 0 when there is none.
func (s *stage) under() vastapi.MachineID {
	o, _ := s.m.under()
	return o.MachineID
}

// asked sums up the searches that were sent: where each window began.
func (s *stage) asked() string {
	var list []string
	for _, q := range s.server.searches {
		floor, _ := q.Filter["dph_total"]["gte"].(float64)
		list = append(list, fmt.Sprintf("%.3f", floor))
	}
	return strings.Join(list, " ")
}
