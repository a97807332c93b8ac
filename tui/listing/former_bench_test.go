package listing

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi/rental"
)

// harbourOf is a table of so many ships.
func harbourOf(n int) (*table.Model[string, *ship], []string) {
	tb, _ := harbour()
	var rows []*ship
	var names []string
	for i := range n {
		rows = append(rows, &ship{name: fmt.Sprintf("ship %05d", i), tons: float64(i)})
		if i%5 == 0 && len(names) < feed.MaxMarks {
			names = append(names, rows[i].name)
		}
	}
	tb.SetRows(rows)
	return tb, names
}

func formerOf(tb *table.Model[string, *ship]) Former[string, *ship] {
	return Former[string, *ship]{List: "ships", Name: func(s *ship) string { return s.name }, Find: ByKey(tb, func(name string) (string, bool) { return name, true })}
}

func BenchmarkAThousandMarksComeBackAmongFiveThousandRows(b *testing.B) {
	tb, names := harbourOf(5000)
	now := time.Unix(1e9, 0)
	left := map[string]feed.Left{"ships": {Account: "7", At: now, Marks: names, Cursor: strings.Clone(names[500])}}
	env := view.Env{Now: now, Data: &feed.Snapshot{Memory: feed.Memory{Left: left}}, Desk: rental.Desk{Whose: "7"}}
	for b.Loop() {
		tb.ClearMarks()
		f := formerOf(tb)
		f.Anew(tb)
		f.Update(env, nil, tb, Stand{1, true})
		if len(tb.AllMarked(feed.MaxMarks)) != len(names) {
			b.Fatal("they did not come back")
		}
	}
}

func BenchmarkAThousandMarksAreNoted(b *testing.B) {
	tb, names := harbourOf(5000)
	tb.Mark(names...)
	f := formerOf(tb)
	env := view.Env{Data: &feed.Snapshot{}, Desk: rental.Desk{Whose: "7"}}
	for b.Loop() {
		tb.Mark(names[0])
		f.Leave(env, tb)
		f.Update(env, view.Hidden{}, tb, Stand{1, true})
	}
}

func BenchmarkAnUpdateWithoutNewsOfMarks(b *testing.B) {
	tb, names := harbourOf(5000)
	tb.Mark(names...)
	f := formerOf(tb)
	env := view.Env{Data: &feed.Snapshot{}, Desk: rental.Desk{Whose: "7"}}
	for b.Loop() {
		f.Update(env, view.Shown{}, tb, Stand{1, true})
	}
}
