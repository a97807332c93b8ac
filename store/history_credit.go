package store

import (
	"context"
	"database/sql"
	"time"
)

// Credit is what could be spent at one moment.
type Credit struct {
	At     time.Time
	Amount float64 // $
}

// RecordCredit notes the account's credit, at most once in ten minutes: a later one in the same
// ten minutes replaces it.
func (h *History) RecordCredit(ctx context.Context, c Credit) error {
	at := c.At.Unix()
	begin := at - at%int64(bandWidth/time.Second)
	err := h.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM credit WHERE at BETWEEN ? AND ?", begin, at); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO credit(at, micro) VALUES(?, ?)", at, micro(c.Amount))
		return err
	})
	return h.told("record the credit", err)
}

// Credits returns what could be spent from from until to, the oldest first.
func (h *History) Credits(ctx context.Context, from, to time.Time) ([]Credit, error) {
	rows, err := h.db.QueryContext(ctx, "SELECT at, micro FROM credit WHERE at BETWEEN ? AND ? ORDER BY at", from.Unix(), to.Unix())
	if err != nil {
		return nil, h.told("read the credit", err)
	}
	defer rows.Close()
	var out []Credit
	for rows.Next() {
		var at, amount int64
		if err := rows.Scan(&at, &amount); err != nil {
			return nil, h.told("read the credit", err)
		}
		out = append(out, Credit{time.Unix(at, 0), dollars(amount)})
	}
	return out, h.told("read the credit", rows.Err())
}
