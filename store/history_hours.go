package store

import (
	"context"
	"fmt"
	"time"
)

// hourLong is how many seconds an hour of the sums by hour has.
const hourLong = 3600

// sumsOfHours reads bands summed up by the hour, in the order of the columns of hours. What it reads
// is to be grouped by model, kind and hour.
const sumsOfHours = `SELECT model, kind, at - at % 3600, min(low), CAST(round(avg(mid)) AS INTEGER), max(high), max(offers), count(*), min(at), max(at) FROM bands`

// hour sums up anew the hour that begins at at: at most six bands.
func (w *pricesWriter) hour(model int64, kind string, at int64) error {
	_, err := w.tx.ExecContext(w.ctx, `INSERT OR REPLACE INTO hours `+sumsOfHours+
		` WHERE model = ?1 AND kind = ?2 AND at >= ?3 AND at < ?3 + 3600 GROUP BY model, kind, at - at % 3600`, model, kind, at)
	return err
}

// bandSource is where the bands of a chart are read from: a table with one row for each length of
// time, and how many samples a row stands for.
type bandSource struct {
	table, samples, first, last string
}

var (
	fromBands = bandSource{table: "bands", samples: "1", first: "b.at", last: "b.at"}
	fromHours = bandSource{table: "hours", samples: "b.samples", first: "b.first", last: "b.last"}
)

// source chooses it by how long the parts of a chart are, so that a chart of n parts reads no more
// than some rows a part whatever the time it covers: at most 6 of ten minutes each, or as many of an
// hour as a part has hours. The sums by hour begin with the hour that from falls into.
func (s span) source() (bandSource, span) {
	if s.width < hourLong {
		return fromBands, s
	}
	s.from -= s.from % hourLong
	return fromHours, s
}

// query reads one range of the table's key. What begins at the very end is in the last part.
func (b bandSource) query() string {
	return fmt.Sprintf(`SELECT min(b.low), CAST(round(sum(b.mid * %[2]s) * 1.0 / sum(%[2]s)) AS INTEGER), max(b.high), max(b.offers), sum(%[2]s), min(%[3]s), max(%[4]s)
		FROM models m CROSS JOIN %[1]s b ON b.model = m.id AND b.kind = ?5 AND b.at >= ?1 AND b.at <= ?2
		WHERE m.name = ?4 GROUP BY min((b.at - ?1) / ?3, ?6)`, b.table, b.samples, b.first, b.last)
}

// ModelBands returns what one GPU of a model cost from from until to in at most n bands of equal
// length, the oldest first; times without an answer have none. samples is how many bands of ten
// minutes, or of an hour, they sum up, and first and last are when those begin. Where a band is an
// hour or longer, whole hours are taken together.
func (h *History) ModelBands(ctx context.Context, model, kind string, from, to time.Time, n int) (list []Band, samples int, first, last time.Time, err error) {
	source, s := spanOf(from, to, n).source()
	rows, err := h.db.QueryContext(ctx, source.query(), s.from, s.to, s.width, model, kind, s.n-1)
	if err != nil {
		return nil, 0, first, last, h.told("read prices", err)
	}
	defer rows.Close()
	for rows.Next() {
		var low, mid, high, begin, end int64
		var count int
		var b Band
		if err := rows.Scan(&low, &mid, &high, &b.Offers, &count, &begin, &end); err != nil {
			return nil, 0, first, last, h.told("read prices", err)
		}
		b.At, b.Low, b.Mid, b.High = time.Unix(begin, 0), dollars(low), dollars(mid), dollars(high)
		if samples == 0 {
			first = b.At
		}
		samples, last = samples+count, time.Unix(end, 0)
		list = append(list, b)
	}
	return list, samples, first, last, h.told("read prices", rows.Err())
}
