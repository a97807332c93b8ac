package offers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func (s *market) MachineReports(_ context.Context, id vastapi.MachineID) ([]vastapi.Report, error) {
	if s.err != nil {
		return nil, s.err
	}
	if id != 1001 {
		return nil, nil
	}
	return []vastapi.Report{
		{Problem: safetext.New("Slow network"), Message: safetext.New("crawls\x1b[2J"), At: noon.Add(-time.Hour), Count: 3},
		{Problem: safetext.New("Other"), At: noon.Add(-48 * time.Hour), Count: 1},
	}, nil
}

func (s *market) InstanceRaw(context.Context, vastapi.InstanceID) (*safetext.Lines, error) {
	return nil, errors.New("the market knows no instances")
}

func (s *market) OfferRaw(_ context.Context, id vastapi.OfferID, _ vastapi.RentalType, _ vastapi.GB) (*safetext.Lines, error) {
	if s.err != nil {
		return nil, s.err
	}
	l := safetext.NewLines(10, 1000)
	l.Add("{\n  \"id\": " + id.String() + ",\n  \"secret_field\": 1\n}")
	l.Flush()
	return l, nil
}

// toasts are the toasts of an effect.
func toasts(e view.Effect) string {
	var list []string
	for _, in := range e.Intents {
		if t, ok := in.(view.Toast); ok {
			list = append(list, t.Text)
		}
	}
	return strings.Join(list, " | ")
}

// copied is the text that an effect puts on the clipboard.
func copied(e view.Effect) string {
	for _, in := range e.Intents {
		if c, ok := in.(view.Copy); ok {
			return c.Text
		}
	}
	return ""
}

func TestTypeKeyGoesThroughTheRentalTypes(t *testing.T) {
	t.Parallel()
	list := three()
	for i := range list {
		list[i].DiscountedDphTotal = list[i].DphTotal * 3 / 4
	}
	s := newStage(t, usual, list...).load()
	s.press("down")
	for _, step := range []struct {
		kind, asked  vastapi.RentalType
		title, shown string
		badge        string
	}{
		{vastapi.Interruptible, vastapi.Interruptible, "Lowest bid", "$0.200/h", "3 bid"},
		{vastapi.Reserved, vastapi.Reserved, "Reserved", "$0.300/h", "3 reserved"},
		{vastapi.OnDemand, vastapi.Reserved, "$/h", "$0.400/h", "3"}, // read just now: nothing is asked for
	} {
		s.settle(s.press("t"), 2)
		if got := s.last().Type; got != step.asked {
			t.Errorf("asked for %q, want %q", got, step.asked)
		}
		s.has(step.title, step.shown, " "+kindName(step.kind)+" · 3 of 3 offers shown")
		if _, badge := s.m.Title(s.env()); badge != step.badge {
			t.Errorf("the tab says %q, want %q", badge, step.badge)
		}
		if s.m.kind() != step.kind {
			t.Errorf("rented would be as %q", s.m.kind())
		}
		if s.under() == 0 {
			t.Errorf("%s: nothing is under the cursor after the user's own switch", step.kind)
		}
	}
	if s.settle(s.press("b"), 2); s.m.kind() != vastapi.Interruptible {
		t.Error("b does not show the bids")
	}
	s.form(s.press("b"))
}

// Until the answer is here, no price of one type stands in for another's.
func TestSwitchingShowsNoPriceOfAnotherType(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("t")
	s.has("loading bid offers", " bid")
	s.lacks("$0.4")
	if got := s.reason("r"); got != "the offers are still being loaded" {
		t.Errorf("r: %q", got)
	}
}

func TestDefaultPolicyIsTakenAwayAndPutBack(t *testing.T) {
	t.Parallel()
	list := three()
	list[1].Verification = safetext.New("unverified")
	s := newStage(t, usual, list...).load()
	s.has("2 of 3 offers shown", "[verified=true]")
	s.press("d")
	s.has("applies: enter takes it away")
	s.press("enter")
	s.has("/verified=any", "[×verified=true]", "does not apply: enter puts it back")
	s.press("esc")
	s.has("3 of 3 offers shown")
	if got := s.data.Memory.Query; got != "verified=any" {
		t.Errorf("remembered is %q", got)
	}
	s.press("d", "enter", "esc")
	s.has("2 of 3 offers shown", "[verified=true]")
	s.press("/", "ctrl+d")
	s.has("applies: enter takes it away")
	if s.m.Capturing() {
		t.Error("the line keeps the keyboard under the list of defaults")
	}
}

func TestEmptyResultNamesTheConditionToDrop(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus>=2 cuda>=99")
	s.settle(s.press("enter"), 3)
	s.has("No offer here satisfies this query; 3 are here.", "remove cuda_max_good>=99 → 2 offers")
	s.settle(s.press("-"), 3)
	s.has("/num_gpus>=2", "2 of 3 offers shown")
	s.lacks("cuda")
}

func TestRowsThatIgnoreTheFilterAreHiddenAndCounted(t *testing.T) {
	t.Parallel()
	list := many(10)
	for i := range 7 {
		list[i].Verification = safetext.New("deverified")
	}
	s := newStage(t, usual, list...).load()
	s.has("[7 rows ignored the filter]", "3 of 10 offers shown")
	s.press("/")
	s.text("verified=any")
	s.press("enter")
	s.due()
	s.lacks("ignored the filter")
	s.has("10 of 10 offers shown")
}

// While a walk is under way its rows are measured by what it asks for, not by
// what was asked before it.
func TestRowsAreMeasuredByTheSearchTheyCameFor(t *testing.T) {
	t.Parallel()
	list := many(250)
	for i := range list {
		if i%2 == 0 {
			list[i].Verification = safetext.New("unverified")
		}
	}
	s := newStage(t, command.Market{Limit: 100, Max: 5000}, list...)
	s.m.line.SetValue("verified=any")
	s.m.readText(s.env(), "verified=any")
	s.load()
	s.has("250 of 250 offers shown")
	s.lacks("ignored")
	s.m.set(s.env(), "verified=true")
	e := s.m.seek(s.env(), true)
	for e.Cmd != nil {
		e = s.answer(e)
		if n := s.m.survey.ignored; n > 125 {
			t.Fatalf("%d rows are said to have ignored the filter; 125 did", n)
		}
	}
	s.has("[125 rows ignored the filter]", "125 of 250 offers shown")
}

func TestRowsWithoutAPriceAreCounted(t *testing.T) {
	t.Parallel()
	list := three()
	list[2].DphTotal, list[2].DphBase = vastapi.Unknown[vastapi.Rate](), vastapi.Unknown[vastapi.Rate]()
	s := newStage(t, usual, list...).load()
	s.has("1 without a price")
	s.press("end", "G")
	if got := s.reason("r"); got != "the price of this offer is not known" {
		t.Errorf("r: %q", got)
	}
}

func TestGoneRowIsMarkedAndNotActedUpon(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("space")
	s.server.offers = s.server.offers[1:]
	s.load()
	s.has("GONE 1×", "1 GONE", "2 of 2 offers shown")
	if _, ok := s.m.under(); ok {
		t.Error("an offer that has left the market can be acted upon")
	}
	s.press("enter")
	s.has("Offer 1, GONE just now")
}

func TestColumnsAndOrderAreChosenAndRemembered(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("S", "down", "enter", "esc") // the column behind the one sorted by
	by, _ := s.m.list.table.SortBy()
	if by != "gpu_dph" {
		t.Fatalf("sorted by %q", by)
	}
	s.press("O", "c", "/")
	s.text("storage")
	if !s.m.Capturing() {
		t.Error("the filter of the chooser does not have the keyboard")
	}
	s.press("enter", "space", "enter")
	if s.m.page != nil {
		t.Fatalf("the chooser stays open:\n%s", s.plain())
	}
	state := s.data.Memory.Tables[memoryName]
	if state.Sort != "gpu_dph" || !state.Desc || !slices.Contains(state.Columns, "storage") {
		t.Errorf("remembered is %+v", state)
	}
	next := newStage(t, usual, three()...)
	next.data.Memory = s.data.Memory
	next.load()
	if by, desc := next.m.list.table.SortBy(); by != "gpu_dph" || !desc {
		t.Errorf("the next run sorts by %q, %t", by, desc)
	}
	if got := next.m.list.table.VisibleColumns(); !slices.Equal(got, state.Columns) {
		t.Errorf("the next run shows %v", got)
	}
	s.press("c", "space", "esc")
	if got := s.m.list.table.VisibleColumns(); !slices.Equal(got, state.Columns) {
		t.Errorf("esc leaves %v", got)
	}
}

func TestRepricingKeepsColumnsOrderAndCursor(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("o", "down")
	by, desc := s.m.list.table.SortBy()
	was := s.under()
	s.submit(s.form(s.press("$")), view.Values{"hours": "7"})
	if now, d := s.m.list.table.SortBy(); now != by || d != desc {
		t.Errorf("sorted by %q, was %q", now, by)
	}
	if s.under() != was {
		t.Errorf("the cursor went from %d to %d", was, s.under())
	}
}

func TestQueryIsRememberedWhenItIsLeft(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus>=2")
	s.press("enter")
	next := newStage(t, usual, three()...)
	next.data.Memory = s.data.Memory
	next.load()
	next.has("/num_gpus>=2", "2 of 3 offers shown")
	if next.server.searches[0].Filter["num_gpus"] == nil {
		t.Error("the first search is not for the remembered query")
	}
	next.press("/")
	next.text(" num_gpu>=")
	next.press("enter")
	if got := next.data.Memory.Query; got != "num_gpus>=2" {
		t.Errorf("remembered is %q, which cannot be read", got)
	}
}

func TestSavedSearchesAreNamedTabsWithCounts(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	s.text("num_gpus>=2")
	s.press("enter", "o")
	f := s.form(s.press("ctrl+s"))
	if f.Check(view.Values{"name": "  "})["name"] == "" {
		t.Error("a search without a name is saved")
	}
	if e := s.submit(f, view.Values{"name": "big ones"}); !closes(e, saveForm) {
		t.Error("the form stays open")
	}
	s.settle(s.hear(command.MemoryChanged{}), 2)
	s.has("saved: [big ones 2]")
	s.press("esc")
	s.has("saved:  big ones 2", "3 of 3 offers shown")
	s.settle(s.press("t"), 3)
	s.press("'")
	s.has("on-demand · num_gpus>=2")
	s.settle(s.press("enter"), 3)
	s.has("/num_gpus>=2", "[big ones", "on-demand · 2 of 3 offers shown")
	if by, _ := s.m.list.table.SortBy(); by != "gpu_dph" {
		t.Errorf("opened, it is sorted by %q", by)
	}
	if got := s.form(s.press("ctrl+s")).Fields[0].Value; got != "big ones" {
		t.Errorf("saved again it would be called %q", got)
	}
	s.press("'", "D")
	s.has("no search is saved")
	if len(s.data.Memory.Searches) != 0 {
		t.Errorf("left are %v", s.data.Memory.Searches)
	}
}

func TestCountOfASearchThatIsNotAllHereSaysSo(t *testing.T) {
	t.Parallel()
	s := newStage(t, command.Market{Limit: 20, Max: 100}, many(400)...)
	s.data.Memory.Searches = []feed.SavedSearch{{Name: "all"}, {Name: "odd", Query: "verified=any"}}
	s.load()
	s.has("[all 100+]", " odd 100+")
}

func TestWatchesAreToggledAndSayHowTheyStand(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("w")
	s.has("watch machine 1001", "watch every offer")
	s.press("enter")
	if w := s.data.Memory.Watches; len(w) != 1 || w[0].Machine != 1001 || !w[0].Added.Equal(noon) {
		t.Fatalf("watched are %+v", w)
	}
	s.has("not looked at yet")
	s.lacks("watch machine 1001")
	id := s.data.Memory.Watches[0].ID()
	s.data.SetWatch(id, feed.Sighting{Offers: 2, Cheapest: 0.4}, noon, nil)
	s.has("AVAILABLE, first seen just now · 2 offers from $0.400/h", "1 watched, all on the market")
	s.data.SetWatch(id, feed.Sighting{}, noon, nil)
	s.now = noon.Add(3 * time.Minute)
	s.has("GONE 3 min ago", "1 watched, 1 gone")
	s.data.SetWatch(id, feed.Sighting{Offers: 1, Cheapest: 0.3}, s.now, nil)
	s.has("BACK just now · 1 offer from $0.300/h")
	s.data.SetWatch(id, feed.Sighting{}, s.now, errors.New(broken))
	s.has(broken, "BACK just now")
	s.press("down", "enter")
	s.has("machine_id=1001", "1 of 3 offers shown")
	s.press("w", "down", "down", "D")
	if len(s.data.Memory.Watches) != 0 {
		t.Errorf("still watched: %+v", s.data.Memory.Watches)
	}
}

func TestReportsAreReadOnDemandAndQuoted(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.size = view.Size{W: 200, H: 90}
	s.press("enter")
	s.has("not asked for: p asks")
	e := s.press("p")
	s.has("asking…")
	s.settle(e, 0)
	s.has("4 reports", "Slow network", "3 times, last 1 h ago: crawls", "no words")
	if s.press("p").Cmd != nil {
		t.Error("what was read a moment ago is read again")
	}
	s.settle(s.press("down", "p"), 0)
	s.has("none")
}

func TestRawOfferIsReadSearchedAndCopied(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	e := s.press("J")
	s.has("as it was read", `"machine_id": 1001`)
	s.settle(e, 0)
	s.has("Offer 1 as the server gives it now", "secret_field")
	s.press("/")
	s.text("secret")
	s.press("enter")
	if got := copied(s.press("C")); !strings.Contains(got, "secret_field") {
		t.Errorf("copied was %q", got)
	}
	s.press("esc", "esc")
	s.has("3 of 3 offers shown")
	s.server.err = errors.New(broken)
	s.settle(s.press("J"), 0)
	s.has(broken, `"machine_id": 1001`)
}

func TestExplainedPriceIsASumOnTheScreen(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.size.H = 50
	s.press("E")
	s.has("What 1× RTX 4090 on machine 1001 costs", "all-in", "= ", "10.0 GB × $0.1500 a GB and month ÷ 720 h", "$0.402083/h", "the whole job", "$9.650000")
}

func TestMarkedOffersAreCompared(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.size.H = 60
	s.press("space", "down", "space", "=")
	s.has("1× RTX 4090", "2× RTX 3090", "total", "$9.65", "machine 1002"[8:])
	s.press("esc")
	s.has("2 marked")
}

func TestCopyOffersIdsRowAndSearch(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	for letter, want := range map[string]string{
		"o": "1", "m": "1001", "h": "31", "r": "GPU 1× RTX 4090 · $/h $0.400/h", "J": `"machine_id": 1001`, "f": "vastai search offers",
	} {
		if got := copied(s.press("y", letter)); !strings.Contains(got, want) || want == "1" && got != "1" {
			t.Errorf("%s copies %q, want %q", letter, got, want)
		}
	}
}

func TestSearchGoesOutAsALineAndComesBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.settle(s.press("t"), 3)
	s.press("/")
	s.text("num_gpus>=2 gpu_name=RTX_3090 dph<0.6")
	s.press("enter")
	line := copied(s.press("C"))
	for _, want := range []string{"vastai search offers", "num_gpus>=2", "-t bid", "--storage 10", "-o "} {
		if !strings.Contains(line, want) {
			t.Errorf("%q is not in %s", want, line)
		}
	}
	next := newStage(t, usual, three()...).load()
	e := next.granted(next.m.Update(next.env(), tea.PasteMsg{Content: line}))
	if !strings.Contains(toasts(e), "taken over from the pasted line") {
		t.Errorf("it says %q", toasts(e))
	}
	if next.m.kind() != vastapi.Interruptible || !next.m.query.query.Match(&three()[1]) || next.m.query.query.Match(&three()[0]) {
		t.Errorf("taken over was %s %q", next.m.kind(), next.m.line.Value())
	}
	if again := copied(next.press("C")); again != line {
		t.Errorf("it goes out as\n%s\nand came as\n%s", again, line)
	}
}

func TestPastedLineIsTakenOverAndWhatCannotBeIsSaid(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	e := s.granted(s.m.Update(s.env(), tea.PasteMsg{Content: "vastai search offers 'num_gpus>=2' -o 'dlperf-,dph_total' --storage 200 --limit 5 --raw\n"}))
	s.has("/num_gpus>=2", "not taken over", "--raw")
	if by, desc := s.m.list.table.SortBy(); by != "dlp" || !desc {
		t.Errorf("sorted by %q, %t", by, desc)
	}
	if s.m.job().Disk != 200 {
		t.Errorf("prices are for %v GB", s.m.job().Disk)
	}
	if !strings.Contains(toasts(e), "then by dph_total") || !strings.Contains(toasts(e), "--limit") {
		t.Errorf("it says %q", toasts(e))
	}
	before := s.m.line.Value()
	for _, bad := range []string{"vastai search offers 'nonsense>=2'", "vastai search volumes 'disk_space>10'", "vastai search offers 'num_gpus>=2"} {
		e := s.granted(s.m.Update(s.env(), tea.PasteMsg{Content: bad}))
		if toasts(e) == "" || s.m.line.Value() != before {
			t.Errorf("%q: it says %q, the query is %q", bad, toasts(e), s.m.line.Value())
		}
	}
}

func TestHugePasteLosesNothingAndSendsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.press("/")
	before := len(s.server.searches)
	s.granted(s.m.Update(s.env(), tea.PasteMsg{Content: strings.Repeat("num_gpu>=2 ", 1000)}))
	s.has("the rest of the paste was left out", "3 of 3 offers shown")
	s.due()
	if len(s.server.searches) != before {
		t.Errorf("sent was %v", s.last().Filter)
	}
}

func TestImpossibleScaleIsNamedAndNotSent(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"reliability>=99", "num_gpus>=x", "dph<nan", "dph<-1", "gpu_ram>99TB", "num_gpus>=1e9", "dph<1e400", "gpu_ram=24..8", "~(x"} {
		s := newStage(t, usual, three()...).load()
		s.press("/")
		s.settle(s.m.Update(s.env(), tea.PasteMsg{Content: bad + " "}), 0)
		before := len(s.server.searches)
		s.has("what is marked in the query is not applied", "3 of 3 offers shown")
		s.due()
		if len(s.server.searches) != before {
			t.Errorf("%s was sent: %v", bad, s.last().Filter)
		}
	}
}

func TestCompletionIsTakenWithTabAndGivenBackWithEsc(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.settle(s.press("/"), 0) // the names of all models
	s.text("gpu_name=RTX_6")
	s.has("6000Ada")
	s.press("tab")
	if got := s.m.line.Value(); !strings.Contains(got, "6000Ada") {
		t.Fatalf("tab makes it %q", got)
	}
	s.press("esc")
	if got := s.m.line.Value(); got != "gpu_name=RTX_6" || !s.m.Capturing() {
		t.Errorf("esc gives back %q", got)
	}
	s.press("esc")
	if s.m.Capturing() {
		t.Error("a second esc does not leave the line")
	}
}

// With many rows each key filters them elsewhere, and the newest answer wins.
func TestManyRowsAreFilteredElsewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, command.Market{Limit: 10000, Max: 10000}, many(8000)...).load()
		s.press("/")
		first := s.text("dph<=0.5")
		second := s.text("5")
		s.settle(second, 0)
		s.has("451 of 8,000 offers shown")
		for _, msg := range solo.Messages(first.Cmd) {
			if a, ok := msg.(command.Computed[arrangement]); ok {
				s.m.Update(s.env(), a)
			}
		}
		s.has("451 of 8,000 offers shown")
	})
}

func TestMachineCanBeGoneTo(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.granted(s.m.Update(s.env(), view.Focused{On: vastapi.MachineID(1003)}))
	s.has("machine_id=1003", "1 of 3 offers shown", "8× H100 SXM")
}

// A comparison that is open shows the prices of now, and says who is gone.
func TestComparisonFollowsTheMarket(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.size.H = 60
	s.press("space", "down", "space", "=")
	s.has("$0.400/h")
	s.server.offers[0].DphTotal, s.server.offers[0].DphBase = 0.3, 0.3
	s.server.offers = s.server.offers[:1]
	s.load()
	s.has("$0.300/h", "GONE 2×")
	s.lacks("$0.400/h")
}

func TestTermsAreExplainedWhileTheyAreTyped(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	s.size.W = 200
	s.press("/")
	s.text("gpu_ram=24 ")
	s.has("24,000 MB to 24,576 MB")
}

func TestAgeOfARowIsWhenItWasFirstSeen(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	listing.ShowColumns(&s.m.list.table, []string{"gpu", "dph", "since"}, choice())
	r, ok := s.m.row()
	if !ok || r.Seen.IsZero() {
		t.Fatalf("the row is %+v", r)
	}
	s.has("Since", r.Seen.Format("15:04"))
	s.m.list.table.Sort("since", false)
	if s.under() == 0 {
		t.Error("sorted by age, nothing is under the cursor")
	}
}

func TestMenusSayWhatCannotBeDone(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	for keys, want := range map[string]map[string]string{
		"X": {"enter": "nothing is blocked: x on an offer hides its machine or its host", "D": "nothing is blocked: x on an offer hides its machine or its host"},
		"'": {"enter": "no search is saved: ctrl+s saves the one that is shown", "D": "no search is saved: ctrl+s saves the one that is shown"},
		"w": {"enter": "", "D": "this line cannot be taken away"},
		"d": {"enter": "", "D": "no such key"},
		"y": {"enter": "", "D": "no such key"},
		"S": {"enter": "", "D": "no such key"},
	} {
		s.press(keys)
		if s.m.page == nil {
			t.Fatalf("%s opens nothing", keys)
		}
		for key, why := range want {
			if got := s.reason(key); got != why {
				t.Errorf("%s, then %s: %q, want %q", keys, key, got, why)
			}
		}
		s.press("down", "down", "up", "esc")
		if s.m.page != nil {
			t.Errorf("esc does not close what %s opened", keys)
		}
	}
}

// Other views' keys work while a page is open, unless it is typed into.
func TestPagesTakeTheKeyboardOnlyWhileTheyAreTypedInto(t *testing.T) {
	t.Parallel()
	s := newStage(t, usual, three()...).load()
	for _, open := range []string{"c", "J"} {
		s.press(open)
		if s.m.Capturing() {
			t.Errorf("%s takes every key", open)
		}
		s.press("/")
		if !s.m.Capturing() || s.m.Draw(s.env(), s.size).Cursor == nil {
			t.Errorf("%s, then /: what is typed goes elsewhere, or the cursor is not shown", open)
		}
		s.press("esc", "esc")
		if s.m.page != nil {
			s.press("esc")
		}
		if s.m.page != nil {
			t.Errorf("%s cannot be closed", open)
		}
	}
}
