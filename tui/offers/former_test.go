package offers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// formerly is the market in a run after one that has left these marks.
func formerly(t *testing.T, limit command.Market, marks []string, offers ...vastapi.Offer) *stage {
	t.Helper()
	s := newStage(t, limit, offers...)
	s.whose = "7"
	s.data.Memory.SetLeft("market on-demand", feed.Left{Account: "7", At: noon, Marks: marks})
	return s
}

// marked are the offers that are marked, by id.
func (s *stage) marked() (ids []int) {
	for _, r := range s.m.list.table.AllMarked(feed.MaxMarks) {
		ids = append(ids, int(r.Offer.ID))
	}
	slices.Sort(ids)
	return ids
}

func TestAMarkIsGivenUpOnlyOnceTheWalkIsThrough(t *testing.T) {
	t.Parallel()
	var offers []vastapi.Offer
	for n := range 300 {
		offers = append(offers, offer(n+1, "RTX 4090", 1, vastapi.Rate(n+1)/100))
	}
	s := formerly(t, command.Market{Limit: 100, Max: 5000}, []string{"1003 1 3 0.03 10 alone", "1250 1 250 2.5 10 alone", "7777 1 777 1 10 alone"}, offers...)
	e := s.m.Update(s.env(), command.Refresh{})
	for n := 0; e.Cmd != nil; n++ {
		if through := s.m.stand().Whole; through != (len(s.marked()) > 0) {
			t.Fatalf("after %d answers the walk is through: %t, marked are %v", n, through, s.marked())
		}
		e = s.answer(e)
	}
	if got := fmt.Sprint(s.marked()); got != "[3 250]" || len(s.server.searches) < 3 {
		t.Errorf("marked are %s after %d searches", got, len(s.server.searches))
	}
	// When all of them stand on the first page nobody waits for the others.
	s = formerly(t, command.Market{Limit: 100, Max: 5000}, []string{"1003 1 3 0.03 10 alone"}, offers...)
	e = s.m.Update(s.env(), command.Refresh{})
	for len(s.marked()) == 0 && e.Cmd != nil {
		e = s.answer(e)
	}
	if got := len(s.server.searches); got > 2 {
		t.Errorf("it came back after %d searches", got)
	}
}

func TestAnOfferInPlaceOfTheMarkedOneIsMarkedOnlyWithoutDoubt(t *testing.T) {
	t.Parallel()
	here, other := offer(5, "RTX 4090", 2, 0.5), offer(6, "RTX 4090", 2, 0.6)
	other.MachineID = here.MachineID
	for name, c := range map[string]struct {
		mark   string
		offers []vastapi.Offer
		want   string
	}{
		"same price":            {"1005 2 4 0.5 10 alone", []vastapi.Offer{here}, "[5]"},
		"cheaper":               {"1005 2 4 0.7 10 alone", []vastapi.Offer{here}, "[5]"},
		"same shown digits":     {"1005 2 4 0.49999 10 alone", []vastapi.Offer{here}, "[5]"},
		"dearer":                {"1005 2 4 0.4 10 alone", []vastapi.Offer{here}, "[]"},
		"for another disk":      {"1005 2 4 0.5 80 alone", []vastapi.Offer{here}, "[]"},
		"of no known price":     {"1005 2 4 NaN 10 alone", []vastapi.Offer{here}, "[]"},
		"one of several before": {"1005 2 4 0.5 10", []vastapi.Offer{here}, "[]"},
		"one of several now":    {"1005 2 4 0.7 10 alone", []vastapi.Offer{here, other}, "[]"},
		"other GPUs":            {"1005 1 4 0.5 10 alone", []vastapi.Offer{here}, "[]"},
		"another machine":       {"1006 2 4 0.5 10 alone", []vastapi.Offer{here}, "[]"},
		"itself, dearer":        {"1005 2 5 0.4 10 alone", []vastapi.Offer{here}, "[5]"},
		"itself among several":  {"1005 2 6 0.6 10", []vastapi.Offer{here, other}, "[6]"},
		"its id, other GPUs":    {"1005 4 5 0.5 10 alone", []vastapi.Offer{here}, "[]"},
	} {
		s := formerly(t, usual, []string{c.mark}, c.offers...).load()
		if got := fmt.Sprint(s.marked()); got != c.want {
			t.Errorf("%s: marked are %s, want %s", name, got, c.want)
		}
	}
}

func TestPricesThatMovedAreSaidWhenMarksComeBack(t *testing.T) {
	t.Parallel()
	list := []vastapi.Offer{offer(1, "RTX 4090", 1, 0.4), offer(2, "RTX 4090", 1, 0.5), offer(3, "RTX 4090", 1, 0.6)}
	for price, want := range map[string]string{
		"0.4 0.5 0.6":  "3 marks of the last run came back; esc takes them off",
		"0.3 0.5 0.6":  "3 marks of the last run came back, 1 costs more than it did; esc takes them off",
		"0.3 0.4 0.6":  "3 marks of the last run came back, 2 cost more than they did; esc takes them off",
		"0.3 0.9 0.95": "3 marks of the last run came back, 1 costs more than it did, 2 cost less than they did; esc takes them off",
	} {
		var marks []string
		for n, p := range strings.Fields(price) {
			marks = append(marks, fmt.Sprintf("%d 1 %d %s 10 alone", 1001+n, n+1, p))
		}
		s := formerly(t, usual, marks, list...).load()
		env := s.env()
		env.Shown = view.Market
		if got := solo.Wish[view.Toast](t, s.m.Update(env, view.Shown{})); got.Text != want {
			t.Errorf("%s: it says %q", price, got.Text)
		}
		if why := s.reason("r"); !strings.Contains(why, "just come back") {
			t.Errorf("renting is refused with %q", why)
		}
		s.now = s.now.Add(2 * time.Second)
		if why := s.reason("r"); why != "" {
			t.Errorf("a moment later it is refused with %q", why)
		}
	}
}

func TestTheNameOfARowIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, offer(5, "RTX 4090", 2, 0.512345))
	s.load()
	r, _ := s.m.list.table.At(0)
	n, ok := readName(s.m.nameOf(r))
	if want := (keepsake{slot{1005, 2}, 5, 0.512345, 10, true}); !ok || n != want {
		t.Errorf("%q is read as %+v, %t", s.m.nameOf(r), n, ok)
	}
	gone := *r
	gone.Gone = noon
	if name := s.m.nameOf(&gone); name != "" {
		t.Errorf("what has left the market is called %q", name)
	}
}

func FuzzNamesOfRowsAreReadOrRefused(f *testing.F) {
	for _, name := range []string{"", "1 1 1 1 1", "1 1 1 1 1 alone", "1 2 3 NaN Inf alone", "-1 1 1 1 1", "1 1 1 1 1 1 1", "1  1 1 1"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		n, ok := readName(name)
		if !ok && n != (keepsake{}) {
			t.Errorf("%q is read as %+v, %t", name, n, ok)
		}
		if ok && (n.machine <= 0 || n.gpus <= 0 || n.offer <= 0) {
			t.Errorf("%q is read as %+v", name, n)
		}
	})
}
