package tuitest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/command"
	"vastdeck/tui/tuitest"
	"vastdeck/vastapi/vastsim"
)

// remember runs a scenario in a market whose prices move, with a history at path.
func remember(t *testing.T, path string, w, h int, change func(*tui.Deps), do func(*deck), opts ...vastsim.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		world := vastsim.New(append([]vastsim.Option{vastsim.WithSeed(7)}, opts...)...)
		d := &deck{t: t, world: world, journal: &memory{}}
		deps := d.deps(func(deps *tui.Deps) {
			deps.Command.History = command.History{Path: path, Record: true, Search: true}
			if change != nil {
				change(deps)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		d.model = tui.New(ctx, deps)
		d.Screen = tuitest.Start(t, d.model, w, h)
		t.Cleanup(func() { cancel(); world.Close() })
		defer func() { // also when the scenario gives up
			if err := d.Quit(); err != nil { // the program closes it once nothing runs any more
				t.Errorf("the program ended with: %v", err)
			}
			if !d.model.CloseHistory(time.Minute) {
				t.Error("the history was not closed in time")
			}
		}()
		do(d)
	})
}

// few offers are enough where the scenario lasts long and is not about how many there are.
var few = vastsim.WithOffers(300)

// kept opens what a run has left.
func kept(t *testing.T, path string, do func(*store.History)) {
	t.Helper()
	h, notice, err := store.OpenHistory(t.Context(), path)
	if err != nil || notice != "" {
		t.Fatalf("%q, %v", notice, err)
	}
	defer h.Close()
	do(h)
}

func TestWhatTheMarketShowsIsRemembered(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	var began time.Time
	remember(t, path, 140, 36, nil, func(d *deck) {
		began = time.Now()
		d.loaded()
		d.Wait(35 * time.Minute)
		d.Press("down", "h") // the first one may just have left the market
		d.Has("Price of", "one GPU of all machines", "[week]", "samples of ten minutes", "cheapest")
		d.Press("tab")
		d.Wait(time.Second)
		d.Has("on machine")
		d.Press("tab", "S")
		d.Wait(time.Second)
		d.Has("[day]")
		d.Press("left", "left")
		d.Press("esc")
		d.Lacks("Price of")
	}, few)
	kept(t, path, func(h *store.History) {
		models, err := h.Models(t.Context())
		if err != nil || len(models) < 10 {
			t.Fatalf("%d models, %v", len(models), err)
		}
		bands, err := h.ModelPrices(t.Context(), "RTX 4090", "on-demand", began.Add(-time.Hour), began.Add(time.Hour))
		if err != nil || len(bands) < 4 {
			t.Errorf("%d bands of ten minutes in 35 minutes, %v", len(bands), err)
		}
		credit, err := h.Credits(t.Context(), began.Add(-time.Hour), began.Add(time.Hour))
		if err != nil || len(credit) < 3 {
			t.Errorf("%d notes of the credit in 35 minutes, %v", len(credit), err)
		}
		trends, err := h.Trends(t.Context(), began, began.Add(35*time.Minute), 7)
		if err != nil || len(trends) < 150 {
			t.Errorf("%d slots, %v", len(trends), err)
		}
	})
}

func TestAnEmptyHistorySaysSo(t *testing.T) {
	t.Parallel()
	play(t, 120, 30, func(d *deck) {
		d.loaded()
		d.Press("h")
		d.Has("nothing is remembered in this run")
	})
}

// While nobody looks at the market it is searched for the history, at most every ten
// minutes and one window after the other.
func TestTheMarketIsSearchedForTheHistoryWhenNobodyElseDoes(t *testing.T) {
	t.Parallel()
	for search, most := range map[bool]int{true: 3, false: 0} {
		path := filepath.Join(t.TempDir(), "history.db")
		remember(t, path, 120, 30, func(deps *tui.Deps) { deps.Command.History.Search = search }, func(d *deck) {
			d.loaded()
			d.Press("2")
			d.Wait(time.Minute)
			before := d.sent("POST", "/api/v0/bundles/")
			d.Wait(35 * time.Minute)
			walks := 0
			for _, c := range d.world.Calls("POST", "/api/v0/bundles/")[before:] {
				if !strings.Contains(string(c.Body), `"dph_total":{"gte"`) {
					walks++
				}
			}
			if walks != most {
				t.Errorf("search = %v: %d walks through the market in 35 minutes, want %d", search, walks, most)
			}
		}, few)
	}
}

func TestADamagedHistoryIsSetAsideWithASentence(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no database\n", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	remember(t, path, 160, 30, nil, func(d *deck) {
		d.loaded()
		d.UntilHas(5*time.Second, "history.db was damaged; it is kept as history.db.damaged-")
		d.Wait(2 * time.Minute)
	})
	kept(t, path, func(h *store.History) {
		if models, err := h.Models(t.Context()); err != nil || len(models) == 0 {
			t.Errorf("nothing was noted in the new one: %v, %v", models, err)
		}
	})
}

func TestWhatIsRentedIsRememberedOfItsMachine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	remember(t, path, 160, 50, nil, func(d *deck) {
		d.loaded()
		d.openRent("my-box")
		d.agree()
		d.UntilHas(30*time.Second, "rented: instance")
		d.Wait(10 * time.Minute)
	}, few)
	kept(t, path, func(h *store.History) {
		starts, err := h.Starts(t.Context())
		if err != nil || len(starts) != 1 || starts[0].Machine == 0 || starts[0].Ready < 20*time.Second || starts[0].Failed != "" {
			t.Errorf("%+v, %v", starts, err)
		}
	})
}

// A large history must not keep anybody waiting: the file is not even looked at
// before the first frame has been drawn.
func TestTheHistoryIsOpenedAfterTheFirstFrame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	remember(t, path, 120, 30, nil, func(d *deck) {
		d.Has("vastdeck", "Market")
		if _, err := os.Stat(path); err == nil {
			t.Errorf("it was opened before %s\n%s", d.Elapsed(), d.Text())
		}
		d.Wait(2 * time.Second)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("it is not open two seconds later: %v", err)
		}
	})
}
