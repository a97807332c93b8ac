package offers

import (
	"strings"

	"vastdeck/vastapi/offerql"
)

// searched are the columns in which words are looked for, and the fields they show.
var searched = map[string]string{
	"gpu": "gpu_name", "region": "geolocation", "place": "geolocation", "cpu_name": "cpu_name", "machine": "machine_id", "host": "host_id",
}

// times stands between the number of GPUs and their name.
const times = "× "

// mark shows in the rows what the words of the query were found by.
func (l *offerList) mark(q offerql.Query) {
	next := q.Marker()
	if next.Equal(l.marker) {
		return
	}
	l.marker = next
	l.table.Found = nil
	if !next.Empty() {
		l.table.Found = func(column, text string) [][2]int { return foundIn(next, column, text) }
	}
	l.table.Invalidate()
}

func foundIn(m offerql.Marker, column, text string) [][2]int {
	field := searched[column]
	if field == "" {
		return nil
	}
	skip := 0
	if column == "gpu" {
		if skip = strings.Index(text, times); skip < 0 {
			return nil
		}
		skip += len(times)
	}
	parts := m.In(field, text[skip:])
	for i := range parts {
		parts[i][0] += skip
		parts[i][1] += skip
	}
	return parts
}
