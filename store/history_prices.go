package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"
)

const (
	// leastApart is how far apart two prices of a slot are noted: a price that changes with every
	// answer would otherwise fill the disk.
	leastApart = 10 * time.Minute

	// bandWidth is the time over which the prices of a model are summed up.
	bandWidth = 10 * time.Minute
)

// Slot is what a price belongs to: so many GPUs of a machine, rented in one way. Offers come and go
// under ever new numbers, a slot stays.
type Slot struct {
	Machine int64
	GPUs    int
	Kind    string // of the rental, in the caller's words
}

// Quote is the price of a slot at one moment.
type Quote struct {
	Slot
	Model string  // of the GPUs
	Price float64 // $/h of the whole offer
}

// Prices is what one answer of the market has shown.
type Prices struct {
	At     time.Time
	Quotes []Quote
	Gone   []Slot // that were offered before and are not any more
	// Whole says that the quotes are all there is of their models: only then do they tell what a
	// model costs.
	Whole bool
}

// lastPrice is the newest price that is on the disk, or was there when it was read.
type lastPrice struct {
	id    int64
	at    int64 // s
	micro int64
	gone  bool
}

// RecordPrices adds what differs from what is known: a price that has changed, a slot that is gone
// or is back. Quotes that are no price, or name no model, are left out.
func (h *History) RecordPrices(ctx context.Context, p Prices) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	err := h.change(ctx, func(tx *sql.Tx) error {
		if err := h.readSlots(ctx, tx); err != nil {
			return err
		}
		w := pricesWriter{h: h, ctx: ctx, tx: tx, at: p.At.Unix()}
		return w.write(p)
	})
	if err != nil {
		h.slots, h.names = nil, nil // what was not kept is read again
	}
	return h.told("record prices", err)
}

// readSlots reads the newest price of each slot, once for each opening of the file.
func (h *History) readSlots(ctx context.Context, tx *sql.Tx) error {
	if h.slots != nil {
		return nil
	}
	slots, names := map[Slot]*lastPrice{}, map[string]int64{}
	rows, err := tx.QueryContext(ctx, `SELECT s.id, s.machine, s.gpus, s.kind, p.at, p.micro FROM slots s
		LEFT JOIN prices p ON p.slot = s.id AND p.at = (SELECT max(at) FROM prices WHERE slot = s.id)`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s Slot
		var last lastPrice
		var at, price sql.NullInt64
		if err := rows.Scan(&last.id, &s.Machine, &s.GPUs, &s.Kind, &at, &price); err != nil {
			return err
		}
		last.at, last.micro, last.gone = at.Int64, price.Int64, !price.Valid
		slots[s] = &last
	}
	if err := rows.Err(); err != nil {
		return err
	}
	h.slots, h.names = slots, names
	return nil
}

// pricesWriter writes one answer.
type pricesWriter struct {
	h     *History
	ctx   context.Context
	tx    *sql.Tx
	at    int64
	price *sql.Stmt
}

func (w *pricesWriter) write(p Prices) (err error) {
	w.price, err = w.tx.PrepareContext(w.ctx, "INSERT OR REPLACE INTO prices(slot, at, micro) VALUES(?, ?, ?)")
	if err != nil {
		return err
	}
	defer w.price.Close()
	quotes := slices.DeleteFunc(slices.Clone(p.Quotes), func(q Quote) bool {
		return q.Model == "" || q.GPUs < 1 || !(q.Price > 0) || math.IsInf(q.Price, 0)
	})
	for _, q := range quotes {
		if err := w.quote(q); err != nil {
			return err
		}
	}
	for _, s := range p.Gone {
		if err := w.gone(s); err != nil {
			return err
		}
	}
	if !p.Whole {
		return nil
	}
	return w.bands(quotes)
}

func (w *pricesWriter) quote(q Quote) error {
	last, known := w.h.slots[q.Slot]
	now := micro(q.Price)
	switch {
	case !known:
		id, err := w.slot(q)
		if err != nil {
			return err
		}
		last = &lastPrice{id: id, gone: true}
		w.h.slots[q.Slot] = last
	case w.at <= last.at, !last.gone && last.micro == now, !last.gone && w.at-last.at < int64(leastApart/time.Second):
		return nil
	}
	last.at, last.micro, last.gone = w.at, now, false
	_, err := w.price.ExecContext(w.ctx, last.id, w.at, now)
	return err
}

// slot finds or makes the row of a slot: another process may have made it meanwhile.
func (w *pricesWriter) slot(q Quote) (id int64, err error) {
	model, err := w.model(q.Model)
	if err != nil {
		return 0, err
	}
	err = w.tx.QueryRowContext(w.ctx, `INSERT INTO slots(machine, gpus, kind, model) VALUES(?, ?, ?, ?)
		ON CONFLICT(machine, gpus, kind) DO UPDATE SET model = excluded.model RETURNING id`, q.Machine, q.GPUs, q.Kind, model).Scan(&id)
	return id, err
}

func (w *pricesWriter) model(name string) (id int64, err error) {
	if id, known := w.h.names[name]; known {
		return id, nil
	}
	err = w.tx.QueryRowContext(w.ctx, "INSERT INTO models(name) VALUES(?) ON CONFLICT(name) DO UPDATE SET name = excluded.name RETURNING id", name).Scan(&id)
	if err == nil {
		w.h.names[name] = id
	}
	return id, err
}

func (w *pricesWriter) gone(s Slot) error {
	last, known := w.h.slots[s]
	if !known || last.gone || w.at <= last.at {
		return nil
	}
	last.at, last.gone = w.at, true
	_, err := w.price.ExecContext(w.ctx, last.id, w.at, nil)
	return err
}

// bands sums up what a GPU of each model costs.
func (w *pricesWriter) bands(quotes []Quote) error {
	type group struct{ model, kind string }
	each := map[group][]int64{}
	for _, q := range quotes {
		g := group{q.Model, q.Kind}
		each[g] = append(each[g], micro(q.Price/float64(q.GPUs)))
	}
	at := w.at - w.at%int64(bandWidth/time.Second)
	for g, list := range each {
		model, err := w.model(g.model)
		if err != nil {
			return err
		}
		slices.Sort(list)
		_, err = w.tx.ExecContext(w.ctx, `INSERT INTO bands(model, kind, at, low, mid, high, offers) VALUES(?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT(model, kind, at) DO UPDATE SET low = min(low, excluded.low), mid = excluded.mid, high = max(high, excluded.high),
			offers = max(offers, excluded.offers)`, model, g.kind, at, list[0], list[len(list)/2], list[len(list)-1], len(list))
		if err != nil {
			return err
		}
		if err := w.hour(model, g.kind, at-at%hourLong); err != nil {
			return err
		}
	}
	return nil
}

// Point is a price from a moment on, until that of the next point.
type Point struct {
	At    time.Time
	Price float64 // $/h of the whole offer; NaN = it was not offered
}

// SlotPrices returns the prices of a slot from the one that held at from until to, the oldest first.
func (h *History) SlotPrices(ctx context.Context, s Slot, from, to time.Time) ([]Point, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT p.at, p.micro FROM prices p JOIN slots s ON s.id = p.slot
		WHERE s.machine = ? AND s.gpus = ? AND s.kind = ? AND p.at <= ?
		AND p.at >= coalesce((SELECT max(at) FROM prices WHERE slot = s.id AND at <= ?), 0) ORDER BY p.at`,
		s.Machine, s.GPUs, s.Kind, to.Unix(), from.Unix())
	if err != nil {
		return nil, h.told("read prices", err)
	}
	defer rows.Close()
	var out []Point
	for rows.Next() {
		var at int64
		var price sql.NullInt64
		if err := rows.Scan(&at, &price); err != nil {
			return nil, h.told("read prices", err)
		}
		p := Point{At: time.Unix(at, 0), Price: math.NaN()}
		if price.Valid {
			p.Price = dollars(price.Int64)
		}
		out = append(out, p)
	}
	return out, h.told("read prices", rows.Err())
}

// Band is what one GPU of a model cost over a while.
type Band struct {
	At             time.Time // when the while began: ten minutes, or an hour for what is older than 90 days
	Low, Mid, High float64   // $/h of one GPU: the lowest, the middle of the latest answer, the highest
	Offers         int       // the most that were offered at once
}

// ModelPrices returns what one GPU of a model cost from from until to, the oldest first.
func (h *History) ModelPrices(ctx context.Context, model, kind string, from, to time.Time) ([]Band, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT b.at, b.low, b.mid, b.high, b.offers FROM bands b JOIN models m ON m.id = b.model
		WHERE m.name = ? AND b.kind = ? AND b.at BETWEEN ? AND ? ORDER BY b.at`, model, kind, from.Unix(), to.Unix())
	if err != nil {
		return nil, h.told("read prices", err)
	}
	defer rows.Close()
	var out []Band
	for rows.Next() {
		var at, low, mid, high int64
		var b Band
		if err := rows.Scan(&at, &low, &mid, &high, &b.Offers); err != nil {
			return nil, h.told("read prices", err)
		}
		b.At, b.Low, b.Mid, b.High = time.Unix(at, 0), dollars(low), dollars(mid), dollars(high)
		out = append(out, b)
	}
	return out, h.told("read prices", rows.Err())
}

// Standing says how a price compares with what the cheapest GPU of its model has cost.
type Standing struct {
	Cheaper float64       // the fraction of the samples that were dearer than the price; NaN without one
	Samples int           // each the lowest price of ten minutes, or of an hour
	Span    time.Duration // between the first sample and the last
}

// The least that a Standing has to rest on to say anything.
const (
	leastSamples = 30
	leastSpan    = 24 * time.Hour
)

// Says reports whether there are enough samples, over long enough, to say anything.
func (s Standing) Says() bool { return s.Samples >= leastSamples && s.Span >= leastSpan }

// Standing compares what one GPU of a model costs, in $/h, with what the cheapest one has cost since.
func (h *History) Standing(ctx context.Context, model, kind string, price float64, since time.Time) (Standing, error) {
	var s Standing
	var dearer, first, last sql.NullInt64
	err := h.db.QueryRowContext(ctx, `SELECT count(*), sum(b.low > ?), min(b.at), max(b.at) FROM bands b JOIN models m ON m.id = b.model
		WHERE m.name = ? AND b.kind = ? AND b.at >= ?`, micro(price), model, kind, since.Unix()).Scan(&s.Samples, &dearer, &first, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Standing{}, h.told("compare a price", err)
	}
	s.Span = time.Duration(last.Int64-first.Int64) * time.Second
	s.Cheaper = math.NaN()
	if s.Samples > 0 {
		s.Cheaper = float64(dearer.Int64) / float64(s.Samples)
	}
	return s, nil
}

// Models returns the models of which prices are known, sorted.
func (h *History) Models(ctx context.Context) ([]string, error) {
	rows, err := h.db.QueryContext(ctx, "SELECT name FROM models")
	if err != nil {
		return nil, h.told("read the models", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, h.told("read the models", err)
		}
		out = append(out, name)
	}
	slices.SortFunc(out, cmp.Compare[string])
	return out, h.told("read the models", rows.Err())
}
