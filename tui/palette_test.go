package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/dialog"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// crowded is a program that knows so many offers and instances.
func crowded(t testing.TB, offers, instances int) *Model {
	t.Helper()
	m := New(t.Context(), Deps{API: world{}, Account: "default", Theme: "dark"})
	m.size = view.Size{W: 140, H: 40}
	market := feed.Market{Rows: make([]feed.Row, offers)}
	for n := range market.Rows {
		o := offer(100_000 + n)
		market.Rows[n] = feed.Row{Offer: &o}
	}
	m.data.Offers = feed.Feed[feed.Market]{Value: market, At: time.Now()}
	list := make([]vastapi.Instance, instances)
	for n := range list {
		list[n] = instance(vastapi.InstanceID(20_000_000+n), "running", 0.4)
		list[n].Label = safetext.New(fmt.Sprintf("worker-%d", n))
	}
	m.data.Instances = feed.Feed[vastapi.InstancePage]{Value: vastapi.InstancePage{Instances: list}, At: time.Now()}
	return m
}

func TestOpeningThePaletteCostsTheSameHoweverMuchIsKnown(t *testing.T) {
	few, many := crowded(t, 10, 5), crowded(t, 10_000, 5000)
	open := func(m *Model) float64 { return testing.AllocsPerRun(20, func() { m.find("") }) }
	if a, b := open(few), open(many); b > a+a/10+10 {
		t.Errorf("opening takes %v allocations with little and %v with much", a, b)
	}
}

func TestTypingIntoThePaletteMakesOnlyWhatIsListed(t *testing.T) {
	m := crowded(t, 10_000, 5000)
	for line, most := range map[string]float64{"rent": 3000, "worker": 4000, "1": 8000, "100": 8000, "machine 1": 3000} {
		if n := testing.AllocsPerRun(3, func() { m.find(line) }); n > most {
			t.Errorf("%q takes %v allocations, want at most %v", line, n, most)
		}
	}
	found := m.find("worker")
	if found.Total < 5000 || len(found.Entries) != mostFound {
		t.Errorf("%d of %d are listed", len(found.Entries), found.Total)
	}
}

func TestAPaletteLineFindsWhatIsMeant(t *testing.T) {
	t.Parallel()
	m := crowded(t, 50, 30)
	for line, want := range map[string]string{
		"rent": "rent…", "vol": "Volumes", "20000007": "20000007 worker-7", "worker-13": "20000013 worker-13", "100033": "machine 100033",
		"mach": "machine ID", "machine 100033": "machine 100033", "theme da": "dark", "ctx": "ctx PROFILE",
	} {
		found := m.find(line)
		if len(found.Entries) == 0 || found.Entries[0].Name != want {
			t.Errorf("%q finds %+v", line, found.Entries[:min(2, len(found.Entries))])
		}
	}
}

func TestRentLinesBecomeAQueryAndAForm(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"gpu=RTX_4090 n=1 max=0.5":                      "gpu=RTX_4090 num_gpus=1 dph<=0.5 map[]",
		"n=2 4090 count=3 image=a/b:c disk=40GB name=x": "4090 num_gpus=2 map[count:3 disk:40GB image:a/b:c name:x]",
		"gpu='RTX 4090' max=$1":                         "gpu='RTX 4090' dph<=1 map[]",
		"geolocation in [US,CA] name=\"two words\" n=1": "geolocation in [US,CA]                      num_gpus=1 map[name:two words]",
		"price=1":                     "price= is what a bid has: max= limits what an offer may cost at 0",
		"gpu=RTX_4090 n=x":            "n is a whole number, at least 1 at 15",
		"gpu=RTX_4090 max=-1":         "max is a price in USD per hour, e.g. 0.5 at 17",
		"image=a image=b n=1":         "image is said twice at 8",
		"gpu=RTX_4090 image=":         "a value is wanted after image= at 18",
		"":                            "say what is to be rented, e.g. gpu=RTX_4090 n=1 max=0.5 at 0",
		"image=x nonsense_field=3":    "there is no field nonsense_field at 8",
		"gpu=RTX_4090 n=1 num_gpus=2": "conflict",
		"ü=1 n=0":                     "n is a whole number, at least 1 at 6",
		"gpu=RTX_4090 name=" + strings.Repeat("x", 3000): "",
	} {
		q, bad := rentLine(line, vastapi.OnDemand)
		got := fmt.Sprint(q.Query, " ", q.Filled)
		if bad != nil {
			got = fmt.Sprint(bad.text, " at ", bad.at)
		}
		if want == "conflict" {
			if bad == nil {
				t.Errorf("%q gives %q", line, got)
			}
			continue
		}
		if want != "" && got != want {
			t.Errorf("%q gives\n%q, want\n%q", line, got, want)
		}
	}
	q, bad := rentLine("gpu=RTX_4090 max=0.2 price=0.15", vastapi.Interruptible)
	if bad != nil || q.Query != "gpu=RTX_4090 min_bid<=0.2" || q.Filled["bid"] != "0.15" {
		t.Errorf("a bid gives %+v, %v", q, bad)
	}
}

func FuzzPaletteLines(f *testing.F) {
	for _, s := range []string{"rent gpu=RTX_4090 n=1", "bid 'x", "machine \xff", "query [", "rent image= disk=\"", "theme ", "20000001"} {
		f.Add(s)
	}
	m := crowded(f, 20, 20)
	f.Fuzz(func(t *testing.T, line string) {
		found := m.find(line)
		if found.At < 0 || found.At > len([]rune(line))+1 {
			t.Errorf("%q has a mistake at %d", line, found.At)
		}
	})
}

func TestWhatIsPickedIsRememberedTheNewestFirst(t *testing.T) {
	t.Parallel()
	m := crowded(t, 5, 5)
	for _, line := range []string{"query 4090", "machine 100001", "query 4090"} {
		m.openPalette()
		p := m.stack.Top().(*dialog.Palette)
		p.Fill(line)
		m.answer(p.Update(tea.KeyPressMsg{Code: tea.KeyEnter}, time.Now()))
	}
	if got := strings.Join(m.data.Memory.Lines, " | "); got != "query 4090 | machine 100001" {
		t.Errorf("remembered is %q", got)
	}
}

func BenchmarkPaletteOpens(b *testing.B) {
	m := crowded(b, 10_000, 5000)
	for b.Loop() {
		m.find("")
	}
}

func BenchmarkPaletteFinds(b *testing.B) {
	m := crowded(b, 10_000, 5000)
	for _, line := range []string{"w", "worker", "worker 20", "1", "2000", "100", "e", "zq", "machine 1", "instance wor"} {
		b.Run(strings.ReplaceAll(line, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				m.find(line)
			}
		})
	}
}
