package logview

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// written are lines of a program that names no zone, seconds after noon in the given zone.
func written(name string, zone *time.Location, seconds ...int) []string {
	var out []string
	for _, s := range seconds {
		at := time.Date(2026, 3, 1, 12, 0, s, 0, time.UTC).In(zone)
		out = append(out, at.Format(looseForm)+" "+name+" "+fmt.Sprint(s))
	}
	return out
}

func TestLaterLinesOfSeveralSourcesStandInTheOrderOfTheirTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		zone *time.Location
		want string
	}{
		"in UTC":           {time.UTC, "a 1, b 2, a 11, b 12, a 21, b 22"},
		"in another zone":  {time.FixedZone("", -5*3600), "a 1, b 2, a 11, a 21, b 12, b 22"},
		"in one far ahead": {time.FixedZone("", 9*3600), "a 1, b 2, a 11, a 21, b 12, b 22"},
	} {
		m := New("two", dark)
		m.MergeTail("a", written("a", c.zone, 1), at.Add(5*time.Second))
		m.MergeTail("b", written("b", c.zone, 2), at.Add(5*time.Second))
		m.MergeTail("a", written("a", c.zone, 1, 11, 21), at.Add(30*time.Second))
		m.MergeTail("b", written("b", c.zone, 2, 12, 22), at.Add(31*time.Second))
		var got []string
		for n := m.base; n < m.end(); n++ {
			words := strings.Fields(m.at(n).text)
			got = append(got, strings.Join(words[2:], " "))
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
}
