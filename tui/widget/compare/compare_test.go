package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

var unknown = math.NaN()

func values(vs ...any) (out []Value) {
	for i := 0; i < len(vs); i += 2 {
		out = append(out, Value{Text: vs[i].(string), Num: vs[i+1].(float64)})
	}
	return out
}

func rows() []Row {
	return []Row{
		{Label: "Price"},
		{Label: "$/h", Better: Lower, Values: values("$0.400/h", 0.4, "$0.350/h", 0.35, "$0.900/h", 0.9)},
		{Label: "Machine"},
		{Label: "GPU", Values: values("1× RTX 4090", unknown, "1× RTX 4090", unknown, "1× RTX 4090", unknown)},
		{Label: "DLPerf", Better: Higher, Values: values("92.1", 92.1, "—", unknown, "90.0", 90.0)},
		{Label: "VRAM", Better: Higher, Values: values("24 GB", 24564.0, "24 GB", 24560.0, "24 GB", 24564.0)},
		{Label: "Place", Values: values("DE", unknown, "Texas, US", unknown, "JP", unknown)},
	}
}

func three() *Model {
	m := New(theme.New(true))
	m.Set([]string{"Offer 1", "Offer 2", "Offer 3"}, rows())
	return &m
}

func press(m *Model, keys ...string) (took bool) {
	codes := map[string]tea.Key{"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp}, "esc": {Code: tea.KeyEscape}}
	for _, k := range keys {
		code, ok := codes[k]
		if !ok {
			code = tea.Key{Code: rune(k[0]), Text: k}
		}
		took = m.Update(tea.KeyPressMsg(code))
	}
	return took
}

func screen(m *Model, w, h int) string { return ansi.Strip(m.Draw(w, h)) }

func TestBestAndWorstAreMarkedInEachRow(t *testing.T) {
	t.Parallel()
	want := strings.Join([]string{
		"         Offer 1           Offer 2           Offer 3         ",
		" Price                                                       ",
		" $/h     $0.400/h         ▲$0.350/h         ▽$0.900/h        ",
		" Machine                                                     ",
		" GPU     1× RTX 4090       1× RTX 4090       1× RTX 4090     ",
		" DLPerf ▲92.1              —                ▽90.0            ",
		" VRAM    24 GB             24 GB             24 GB           ",
		" Place   DE                Texas, US         JP              ",
		" ▲ best  ▽ worst · d shows differences only                  ",
	}, "\n")
	m := three()
	if got := screen(m, 61, 9); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	th := theme.New(true)
	if got := m.Draw(61, 9); !strings.Contains(got, th.Compare.Best.On) || !strings.Contains(got, th.Compare.Worst.On) {
		t.Error("best and worst have no colour")
	}
}

func TestJudgingNeedsTwoThatAreKnownAndDiffer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		better Better
		values []Value
		want   string
	}{
		{Higher, values("1", 1.0, "2", 2.0, "3", 3.0), "w.b"},
		{Lower, values("1", 1.0, "2", 2.0, "3", 3.0), "b.w"},
		{Neither, values("1", 1.0, "2", 2.0), ".."},
		{Higher, values("1", 1.0, "—", unknown), ".."},
		{Higher, values("1", 1.0, "1", 1.0), ".."},
		{Higher, values("24 GB", 24564.0, "24 GB", 24560.0), ".."},
		{Lower, values("1", 1.0, "—", unknown, "1", 1.0, "5", 5.0), "b.bw"},
		{Higher, values("9.0", 9.01, "9.0", 9.02, "1", 1.0, "1", 1.0), "bbww"},
		{Higher, values("∞", math.Inf(1), "1", 1.0), "bw"},
		{Lower, nil, ""},
	} {
		best, worst := Row{Better: c.better, Values: c.values}.Judge()
		got := ""
		for i := range best {
			switch {
			case best[i] && worst[i]:
				got += "!"
			case best[i]:
				got += "b"
			case worst[i]:
				got += "w"
			default:
				got += "."
			}
		}
		if got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
	}
}

func TestOnlyDifferencesLeavesOutWhatIsEqual(t *testing.T) {
	t.Parallel()
	m := three()
	press(m, "d")
	got := screen(m, 70, 9)
	if strings.Contains(got, "GPU") || strings.Contains(got, "VRAM") || !strings.Contains(got, "Machine") || !strings.Contains(got, "d shows the 2 equal rows") || !m.OnlyDifferences() {
		t.Errorf("got\n%s", got)
	}
	same := New(theme.New(true))
	same.Set([]string{"a", "b"}, []Row{{Label: "Group"}, {Label: "x", Values: values("1", 1.0, "1", 1.0)}})
	press(&same, "d")
	if got := screen(&same, 70, 5); !strings.Contains(got, "equal in everything") || strings.Contains(got, "Group") {
		t.Errorf("got\n%s", got)
	}
	press(m, "d")
	if got := screen(m, 70, 9); !strings.Contains(got, "GPU") {
		t.Errorf("the rows did not come back\n%s", got)
	}
}

func TestFourOffersAreReadableInEightyCells(t *testing.T) {
	t.Parallel()
	m := New(theme.New(true))
	var vs []Value
	for i := range 4 {
		vs = append(vs, Value{Text: fmt.Sprintf("$0.4%d00/h", i), Num: float64(i)})
	}
	m.Set([]string{"1× RTX 4090, m:1000", "2× RTX 4090, m:2000", "3× RTX 4090, m:3000", "4× RTX 4090, m:4000"},
		[]Row{{Label: "All-in price with your workload", Better: Lower, Values: vs}})
	got := screen(&m, 80, 4)
	for i := range 4 {
		if !strings.Contains(got, vs[i].Text) || !strings.Contains(got, fmt.Sprintf("%d× RTX 4090", i+1)) {
			t.Errorf("offer %d cannot be read:\n%s", i, got)
		}
	}
}

func TestWhatHasNoRoomIsReachedSideways(t *testing.T) {
	t.Parallel()
	m := three()
	got := screen(m, 36, 9)
	if !strings.Contains(got, "Offer 2") || strings.Contains(got, "Offer 3") || !strings.Contains(screen(m, 90, 9), "Offer 3") {
		t.Errorf("got\n%s", got)
	}
	m.Draw(36, 9)
	press(m, "l", "l", "l")
	if got := screen(m, 36, 9); !strings.Contains(got, "Offer 3") || strings.Contains(got, "Offer 1") {
		t.Errorf("after moving:\n%s", got)
	}
	press(m, "h")
	if got := screen(m, 36, 9); !strings.Contains(got, "Offer 1") {
		t.Errorf("after moving back:\n%s", got)
	}
}

func TestKeysScrollTheRows(t *testing.T) {
	t.Parallel()
	m := three()
	m.Draw(60, 5)
	for _, c := range []struct{ key, first string }{
		{"down", "$/h"}, {"G", "DLPerf"}, {"j", "DLPerf"}, {"k", "GPU"}, {"pgup", "Price"}, {"pgdown", "GPU"}, {"g", "Price"}, {"up", "Price"},
	} {
		press(m, c.key)
		if got := strings.Fields(strings.Split(screen(m, 60, 5), "\n")[1])[0]; got != c.first {
			t.Errorf("after %s the first row is %s, want %s", c.key, got, c.first)
		}
	}
	if press(m, "esc") || press(m, "x") {
		t.Error("it takes keys that are not its own")
	}
}

func TestEverySizeIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		m := New(theme.New(r.IntN(2) == 0))
		n := r.IntN(5)
		heads := make([]string, n)
		for i := range heads {
			heads[i] = strings.Repeat("日本 ", r.IntN(9))
		}
		list := make([]Row, r.IntN(40))
		for i := range list {
			list[i] = Row{Label: strings.Repeat("é費", r.IntN(20)), Better: Better(r.IntN(3))}
			for range r.IntN(2) * n {
				list[i].Values = append(list[i].Values, Value{Text: strings.Repeat("x日", r.IntN(30)), Num: float64(r.IntN(3)), Class: theme.Class(r.IntN(5))})
			}
		}
		m.Set(heads, list)
		for range 20 {
			press(&m, []string{"up", "down", "pgdown", "G", "g", "d", "h", "l"}[r.IntN(8)])
			w, h := 1+r.IntN(120), 1+r.IntN(40)
			if err := fit.Exact(m.Draw(w, h), w, h); err != nil {
				t.Fatalf("%dx%d: %v", w, h, err)
			}
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	m := three()
	var list []Row
	for range 10 {
		list = append(list, rows()...)
	}
	m.Set([]string{"Offer 1", "Offer 2", "Offer 3"}, list)
	for b.Loop() {
		m.Draw(200, 60)
	}
}
