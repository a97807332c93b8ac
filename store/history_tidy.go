package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// keepRaw is how long everything is kept as it was noted; what is older is kept by the hour.
const keepRaw = 90 * 24 * time.Hour

// tidySteps thin out what is older than a moment: of the prices of a slot the last of each hour
// stays, the bands of an hour become one.
var tidySteps = []string{
	`DELETE FROM prices WHERE at < ?1 AND EXISTS(
		SELECT 1 FROM prices q WHERE q.slot = prices.slot AND q.at > prices.at AND q.at < prices.at - prices.at % 3600 + 3600)`,
	`INSERT OR REPLACE INTO bands(model, kind, at, low, mid, high, offers)
		SELECT model, kind, at - at % 3600, min(low), CAST(round(avg(mid)) AS INTEGER), max(high), max(offers)
		FROM bands WHERE at < ?1 GROUP BY model, kind, at - at % 3600 HAVING count(*) > 1`,
	`DELETE FROM bands WHERE at < ?1 AND at % 3600 <> 0 AND EXISTS(
		SELECT 1 FROM bands b WHERE b.model = bands.model AND b.kind = bands.kind AND b.at = bands.at - bands.at % 3600)`,
	`UPDATE bands SET at = at - at % 3600 WHERE at < ?1 AND at % 3600 <> 0`,
	`DELETE FROM credit WHERE at < ?1 AND EXISTS(
		SELECT 1 FROM credit q WHERE q.at > credit.at AND q.at < credit.at - credit.at % 3600 + 3600)`,
}

// Tidy thins out what is older than 90 days and gives the space back. It is to be called once in a
// while; it takes longer the more there is to thin out.
func (h *History) Tidy(ctx context.Context, now time.Time) error {
	before := now.Add(-keepRaw).Unix()
	before -= before % 3600 // an hour is thinned out when all of it is that old
	err := h.change(ctx, func(tx *sql.Tx) error {
		for _, step := range tidySteps {
			if _, err := tx.ExecContext(ctx, step, before); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO done(what, at) VALUES('tidy', ?)", now.Unix())
		return err
	})
	if err == nil {
		_, err = h.db.ExecContext(ctx, "PRAGMA incremental_vacuum")
	}
	return h.told("tidy the history", err)
}

// Tidied is when the history was tidied last, zero when it never was.
func (h *History) Tidied(ctx context.Context) (time.Time, error) {
	if h.readOnly {
		return time.Time{}, ErrHistoryReadOnly
	}
	var at int64
	err := h.db.QueryRowContext(ctx, "SELECT at FROM done WHERE what = 'tidy'").Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.Unix(at, 0), h.told("read when the history was tidied", err)
}
