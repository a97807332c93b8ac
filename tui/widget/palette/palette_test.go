package palette

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/fit"
)

func names(line string, recent []string, entries ...string) string {
	f := NewFinder(line, recent, 10)
	for _, e := range entries {
		f.Add(Entry{Name: e}, 0)
	}
	list, _ := f.Best()
	var out []string
	for _, e := range list {
		out = append(out, e.Name)
	}
	return strings.Join(out, " | ")
}

func TestABeginningComesBeforeAWordBeforeAPartBeforeLettersInTheirOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, want string }{
		{"st", "stop | do start | tasty | suspend it"},
		{"STOP", "stop"},
		{"do st", "do start"},
		{"", "suspend it | tasty | do start | stop"},
		{"xyz", ""},
	} {
		if got := names(c.line, nil, "suspend it", "tasty", "do start", "stop"); got != c.want {
			t.Errorf("%q finds %q, want %q", c.line, got, c.want)
		}
	}
	if got := names("rtx_4090", nil, "RTX 4090 x2", "RTX 3090"); got != "RTX 4090 x2" {
		t.Errorf("an underscore is no space: %q", got)
	}
}

func TestWhatWasUsedBeforeComesFirstAmongItsKindOnly(t *testing.T) {
	t.Parallel()
	if got := names("st", []string{"start"}, "stop", "start", "stall"); got != "start | stop | stall" {
		t.Errorf("got %q", got)
	}
	if got := names("st", []string{"do start"}, "stop", "do start"); got != "stop | do start" {
		t.Errorf("a word comes before a beginning: %q", got)
	}
}

func TestOnlyTheBestAreKeptAndAllAreCounted(t *testing.T) {
	t.Parallel()
	f := NewFinder("machine 1", nil, 5)
	for n := range 20_000 {
		f.Add(Entry{Name: fmt.Sprintf("machine %d", n)}, 0)
	}
	list, total := f.Best()
	if len(list) != 5 || list[0].Name != "machine 1" || total < 10_000 {
		t.Errorf("%d of %d, the first %v", len(list), total, list[0])
	}
}

func TestTheHistoryLeadsBackAndForthToWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := NewHistory([]string{"new", "old"})
	var got []string
	step := func(line string, ok bool) { got = append(got, fmt.Sprint(line, ok)) }
	step(h.Older("typed"))
	step(h.Older("new"))
	step(h.Older("old"))
	step(h.Newer())
	step(h.Newer())
	step(h.Newer())
	if want := "newtrue oldtrue false newtrue typedtrue false"; strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
}

func TestEverySizeIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	th := theme.New(true)
	list := []Entry{
		{Kind: "do", Name: "rent…", Key: "r", Detail: "Market"}, {Kind: "instance", Name: "市場 ラベル", Detail: "詳細"},
		{Kind: "do", Name: "stop", Disabled: "it is stopped", Key: "S"}, {Name: strings.Repeat("long ", 40)},
	}
	for w := range 130 {
		for h := 1; h < 9; h++ {
			at := r.IntN(len(list))
			if err := fit.Exact(Draw(th, list, First(len(list), at, h), at, w, h), w, h); err != nil {
				t.Errorf("%dx%d: %v", w, h, err)
			}
		}
	}
}

func FuzzRankTakesAnything(f *testing.F) {
	f.Add("rent RTX", "rent rtx_4090")
	f.Add("\xff", "a\x80b")
	f.Fuzz(func(t *testing.T, line, text string) {
		q := NewQuery(line)
		score, ok := q.Rank(text)
		if !ok && score != 0 || ok && (score < 0 || score > 1000+spread) {
			t.Errorf("%q in %q ranks %d, %v", line, text, score, ok)
		}
	})
}

func TestRankingAllocatesNothing(t *testing.T) {
	q := NewQuery("wrk 20")
	if n := testing.AllocsPerRun(100, func() { q.Rank("worker-a 18820377") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestWordsThatAreNotShownAreFoundByTheirBeginnings(t *testing.T) {
	t.Parallel()
	e := Entry{Name: "destroy…", Also: "kill remove rm", About: "instances"}
	for line, want := range map[string]bool{
		"kill": true, "rem": true, "rm": true, "kill inst": true, "instances kill": true, "destroy instance": true,
		"ki": false, "ill": false, "instances": false, "kill volume": false, "move": false,
	} {
		f := NewFinder(line, nil, 5)
		f.Add(e, 0)
		list, _ := f.Best()
		if (len(list) == 1) != want || f.Firm(e) != want {
			t.Errorf("%q finds it: %t, want %t", line, len(list) == 1, want)
		}
	}
	f := NewFinder("kill", nil, 5)
	f.Add(e, 0)
	f.Add(Entry{Name: "kill it"}, 0)
	if list, _ := f.Best(); list[0].Name != "kill it" {
		t.Errorf("a word that is not shown comes before one that is: %v", list)
	}
}
