package store

import (
	"context"
	"database/sql"
	"time"
)

// Start is what came of renting a machine or starting what is on it.
type Start struct {
	Instance, Machine, Host int64
	At                      time.Time     // when it was asked for
	Ready                   time.Duration // until it could be used; 0 = it never could, or not yet
	Failed                  string        // why it never could, in a few words; "" = it did, or may still
}

// RecordStart notes how a start stands. What was noted of the same instance before is replaced.
func (h *History) RecordStart(ctx context.Context, s Start) error {
	ready := sql.NullInt64{Int64: int64(s.Ready / time.Second), Valid: s.Ready > 0}
	err := h.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO starts(instance, machine, host, at, ready, failed) VALUES(?, ?, ?, ?, ?, ?)",
			s.Instance, s.Machine, s.Host, s.At.Unix(), ready, s.Failed)
		return err
	})
	return h.told("record a start", err)
}

// Starts returns every start, the oldest first.
func (h *History) Starts(ctx context.Context) ([]Start, error) {
	rows, err := h.db.QueryContext(ctx, "SELECT instance, machine, host, at, ready, failed FROM starts ORDER BY at, instance")
	if err != nil {
		return nil, h.told("read the starts", err)
	}
	defer rows.Close()
	var out []Start
	for rows.Next() {
		var s Start
		var at int64
		var ready sql.NullInt64
		if err := rows.Scan(&s.Instance, &s.Machine, &s.Host, &at, &ready, &s.Failed); err != nil {
			return nil, h.told("read the starts", err)
		}
		s.At, s.Ready = time.Unix(at, 0), time.Duration(ready.Int64)*time.Second
		out = append(out, s)
	}
	return out, h.told("read the starts", rows.Err())
}
