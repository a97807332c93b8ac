package command

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/store"
	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// The topics of the history of prices, starts and credit.
const (
	openingHistory Topic = "history/open"
	readingPast    Topic = "history/past"
	recordStarts   Topic = "history/starts"
	recordCredit   Topic = "history/credit"
	tidyHistory    Topic = "history/tidy"
	readingChart   Topic = "history/chart"
	readingCredit  Topic = "history/credits"
	writingPrices        = "history/prices/" // and the rental type
	// Recording is the topic of searching for nothing but the history.
	Recording Topic = "history/search"
)

const (
	// EveryPast is how often what is remembered is read again while the market is shown.
	EveryPast = 10 * time.Minute
	// EveryRecord is how long nobody may have read the whole market before it is
	// searched for the history alone.
	EveryRecord = 10 * time.Minute
	// everyTidy is how long a history stays as it is.
	everyTidy = 24 * time.Hour
	// judgedBy is how far back prices are looked at to judge one.
	judgedBy = 90 * 24 * time.Hour
)

// History says what is remembered of the market over time.
type History struct {
	Path   string // of the file; "" = nothing is remembered
	Record bool   // what is seen is noted
	Search bool   // and searched for when nobody else does
}

// ledger is the opened file. Commands use it at once, hence the lock, which is
// never held while the file is waited for.
type ledger struct {
	mu     sync.Mutex
	file   *store.History
	notice string // to be told once
	closed bool
	using  sync.WaitGroup
}

// errNoHistory is what using a history gives that is not open.
var errNoHistory = errors.New("the history is not open")

// open opens the file, once. The notice is what the user is to be told of it.
func (l *ledger) open(ctx context.Context, path string) (notice string, err error) {
	l.mu.Lock()
	if l.closed || l.file != nil {
		notice, l.notice = l.notice, ""
		l.mu.Unlock()
		return notice, nil
	}
	l.using.Add(1)
	defer l.using.Done()
	l.mu.Unlock()
	// Whoever gives up waiting for this does not give up the file.
	file, notice, err := store.OpenHistory(context.WithoutCancel(ctx), path)
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.file != nil {
		_ = file.Close()
		return "", nil
	}
	l.file = file
	if ctx.Err() != nil {
		l.notice, notice = notice, ""
	}
	return notice, nil
}

// use gives the open file to do.
func (l *ledger) use(do func(*store.History) error) error {
	l.mu.Lock()
	file := l.file
	if file == nil || l.closed {
		l.mu.Unlock()
		return errNoHistory
	}
	l.using.Add(1)
	l.mu.Unlock()
	defer l.using.Done()
	return do(file)
}

// close waits at most limit for what is being done, and closes the file.
func (l *ledger) close(limit time.Duration) bool {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.using.Wait()
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.file != nil {
			_ = l.file.Close()
			l.file = nil
		}
	}()
	wait := time.NewTimer(limit)
	defer wait.Stop()
	select {
	case <-done:
		return true
	case <-wait.C:
		return false
	}
}

// memoir is what Update knows of the history.
type memoir struct {
	ledger *ledger
	opened bool
	tried  bool // it cannot be opened: that is not tried again
	mute   bool // writing has failed, and that was told
	since  time.Time

	again   map[vastapi.RentalType]bool      // the market changed while it was being recorded
	whole   map[vastapi.RentalType]time.Time // when all of a market was recorded last
	sought  time.Time                        // when it was searched for that last
	past    time.Time                        // when what is remembered was asked for last
	tidied  time.Time
	starts  map[vastapi.InstanceID]feed.Launch // as they are on the disk
	credit  feed.Credit
	spreads map[feed.GPUModel]time.Time // when they were asked for
	spread  feed.GPUModel               // of these, which was asked for last
}

func newMemoir() memoir {
	return memoir{
		ledger: &ledger{}, again: map[vastapi.RentalType]bool{}, whole: map[vastapi.RentalType]time.Time{},
		starts: map[vastapi.InstanceID]feed.Launch{}, spreads: map[feed.GPUModel]time.Time{},
	}
}

// restart makes what was given up be done again: another account's client was given.
func (k *memoir) restart() {
	k.past, k.credit = time.Time{}, feed.Credit{}
	clear(k.spreads)
	clear(k.again)
}

// HistoryOpened answers OpenHistory.
type HistoryOpened struct {
	Answer
	Notice string // what the user is to be told of the file, "" = nothing
}

// HistoryWritten tells how noting something went. Err is told once.
type HistoryWritten struct {
	Answer
	Kind  vastapi.RentalType // whose prices; "" = something else was noted
	Whole bool               // they were all that their models are offered for

	launches []feed.Launch
	credit   feed.Credit
}

// KeepHistory does what is due for the history: it opens it, reads what is
// remembered, tidies up and searches the market when nobody has for long. It is
// called with every heartbeat, the first of which comes after the first frame.
// shown says that somebody looks at the market.
func (s *Set) KeepHistory(d *feed.Snapshot, now time.Time, shown bool) tea.Cmd {
	k := &s.memoir
	switch {
	case s.cfg.History.Path == "" || k.tried || s.Busy(openingHistory):
		return nil
	case !k.opened:
		return s.openHistory()
	}
	var cmds []tea.Cmd
	if (k.past.IsZero() || shown && now.Sub(k.past) >= EveryPast) && !s.Busy(readingPast) {
		k.past = now
		cmds = append(cmds, s.readPast(now))
	}
	if now.Sub(k.since) >= 5*time.Minute && now.Sub(k.tidied) >= everyTidy && !k.mute {
		k.tidied = now
		cmds = append(cmds, s.tidyHistory(now))
	}
	return tea.Batch(append(cmds, s.recordBySearching(now))...)
}

func (s *Set) openHistory() tea.Cmd {
	l, path := s.memoir.ledger, s.cfg.History.Path
	return Run(s.Runner, openingHistory, func(ctx context.Context) (string, error) { return l.open(ctx, path) },
		func(a Answer, notice string) tea.Msg { return HistoryOpened{a, notice} })
}

// OnHistoryOpened goes on once the history is open: what is in hand is noted.
func (s *Set) OnHistoryOpened(d *feed.Snapshot, m HistoryOpened) tea.Cmd {
	k := &s.memoir
	if m.Err != nil {
		k.tried = !Cancelled(m.Err) && !Later(m.Err)
		return nil
	}
	k.opened, k.since = true, m.At
	k.mute = !s.cfg.History.Record
	return tea.Batch(s.RecordMarket(d, d.Kind), s.RecordStarts(d), s.RecordCredit(d))
}

// CloseHistory closes the history once the program has ended. What is only read is
// given up. It reports whether what was being written was finished in time.
func (s *Set) CloseHistory(limit time.Duration) bool {
	for topic := range s.live {
		switch {
		case topic == recordStarts, topic == recordCredit, strings.HasPrefix(string(topic), writingPrices):
		case strings.HasPrefix(string(topic), "history/"):
			s.Cancel(topic)
		}
	}
	return s.memoir.ledger.close(limit)
}

// writes reports whether something can be noted now.
func (s *Set) writes() bool { return s.memoir.opened && !s.memoir.mute }

// RecordMarket notes the prices of a market in hand, and what has left it.
func (s *Set) RecordMarket(d *feed.Snapshot, kind vastapi.RentalType) tea.Cmd {
	kind = feed.KindOf(kind)
	f := d.OffersOf(kind)
	if !s.writes() || !f.Told() {
		return nil
	}
	topic := Topic(writingPrices + string(kind))
	if s.Busy(topic) {
		s.memoir.again[kind] = true
		return nil
	}
	l, market, at := s.memoir.ledger, f.Value, f.At
	return Run(s.Runner, topic, func(ctx context.Context) (bool, error) {
		return writePrices(ctx, l, pricesSeen(market, kind, at))
	}, func(a Answer, whole bool) tea.Msg { return HistoryWritten{Answer: a, Kind: kind, Whole: whole} })
}

// RecordStarts notes how the starts stand that were seen in this run, where that
// has changed.
func (s *Set) RecordStarts(d *feed.Snapshot) tea.Cmd {
	if !s.writes() || s.Busy(recordStarts) {
		return nil
	}
	var news []feed.Launch
	for n := range d.Instances.Value.Instances {
		i := &d.Instances.Value.Instances[n]
		launch, ok := launchOf(i, d.Traced(i.ID))
		if have, known := s.memoir.starts[i.ID]; ok && (!known || differs(have, launch)) {
			news = append(news, launch)
		}
	}
	if len(news) == 0 {
		return nil
	}
	l := s.memoir.ledger
	return Run(s.Runner, recordStarts, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, l.use(func(h *store.History) error {
			for _, one := range news {
				err := h.RecordStart(ctx, store.Start{
					Instance: int64(one.Instance), Machine: int64(one.Machine), Host: int64(one.Host), At: one.At, Ready: one.Ready, Failed: one.Failed,
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}, func(a Answer, _ struct{}) tea.Msg { return HistoryWritten{Answer: a, launches: news} })
}

// RecordCredit notes what can be spent, at most once in ten minutes.
func (s *Set) RecordCredit(d *feed.Snapshot) tea.Cmd {
	if !s.writes() || !d.User.Told() || s.Busy(recordCredit) {
		return nil
	}
	c := feed.Credit{At: d.User.At, Amount: d.User.Value.Spendable()}
	if !vastapi.Known(c.Amount) || c.At.Sub(s.memoir.credit.At) < EveryRecord {
		return nil
	}
	l := s.memoir.ledger
	return Run(s.Runner, recordCredit, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, l.use(func(h *store.History) error {
			return h.RecordCredit(ctx, store.Credit{At: c.At, Amount: float64(c.Amount)})
		})
	}, func(a Answer, _ struct{}) tea.Msg { return HistoryWritten{Answer: a, credit: c} })
}

// OnHistoryWritten goes on after something was noted, and returns what the user is
// to be told: once, why nothing is noted any more.
func (s *Set) OnHistoryWritten(d *feed.Snapshot, m HistoryWritten, now time.Time) (cmd tea.Cmd, tell string) {
	k := &s.memoir
	switch {
	case m.Err == nil:
	case Cancelled(m.Err), Later(m.Err), errors.Is(m.Err, errNoHistory), m.Topic == Recording && !s.brokenHistory(m.Err):
		return nil, "" // it is done again by itself
	case k.mute:
		return nil, ""
	case errors.Is(m.Err, store.ErrHistoryReadOnly):
		k.mute = true // the notice of the opening has told
		return nil, ""
	default:
		k.mute = true
		return nil, "prices are not noted any more in this run: " + m.Err.Error()
	}
	if m.Whole {
		k.whole[m.Kind] = now
	}
	if m.credit != (feed.Credit{}) {
		k.credit = m.credit
	}
	for _, one := range m.launches {
		k.starts[one.Instance] = one
	}
	if len(m.launches) > 0 {
		k.past = time.Time{} // read again what is remembered of machines
	}
	if k.again[m.Kind] {
		delete(k.again, m.Kind)
		return s.RecordMarket(d, m.Kind), ""
	}
	return nil, ""
}

// Later reports whether err says that another copy of the program has the history
// for itself just now, which passes.
func Later(err error) bool { return errors.Is(err, store.ErrHistoryBusy) }

// brokenHistory reports whether err came from the file, not from the search.
func (s *Set) brokenHistory(err error) bool {
	return errors.Is(err, store.ErrHistoryDamaged) || errors.Is(err, store.ErrHistoryReadOnly)
}

func (s *Set) tidyHistory(now time.Time) tea.Cmd {
	l := s.memoir.ledger
	return Run(s.Runner, tidyHistory, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, l.use(func(h *store.History) error {
			if last, err := h.Tidied(ctx); err != nil || now.Sub(last) < everyTidy {
				return err
			}
			return h.Tidy(ctx, now)
		})
	}, func(a Answer, _ struct{}) tea.Msg { return HistoryWritten{Answer: a} })
}

// PastRead answers the reading of what is remembered of machines and hosts.
type PastRead struct {
	Answer
	Trends   map[feed.Slot][]float64
	Machines map[vastapi.MachineID]feed.Tenancy
	Hosts    map[vastapi.HostID]feed.Tenancy
}

// Fold keeps it.
func (m PastRead) Fold(s *feed.Snapshot) {
	if s.Past.Err = m.Err; m.Err != nil {
		return
	}
	s.Past.At, s.Past.Trends, s.Past.Machines, s.Past.Hosts = m.At, m.Trends, m.Machines, m.Hosts
	s.Past.Rev++
}

func (s *Set) readPast(now time.Time) tea.Cmd {
	l := s.memoir.ledger
	return Run(s.Runner, readingPast, func(ctx context.Context) (m PastRead, err error) {
		err = l.use(func(h *store.History) error {
			trends, err := h.Trends(ctx, now.Add(-feed.TrendSpan), now, feed.TrendParts)
			if err != nil {
				return err
			}
			m.Trends = make(map[feed.Slot][]float64, len(trends))
			for _, t := range trends {
				m.Trends[slotOf(t.Slot)] = t.Prices
			}
			starts, err := h.Starts(ctx)
			m.Machines, m.Hosts = feed.Tenancies(launches(starts))
			return err
		})
		return m, err
	}, func(a Answer, m PastRead) tea.Msg { m.Answer = a; return m })
}

// SpreadRead answers LoadSpread.
type SpreadRead struct {
	Answer
	Model  feed.GPUModel
	Spread feed.Spread
}

// Fold keeps it beside those of the other models.
func (m SpreadRead) Fold(s *feed.Snapshot) {
	if m.Err != nil {
		return
	}
	next := make(map[feed.GPUModel]feed.Spread, len(s.Past.Spreads)+1)
	for model, have := range s.Past.Spreads {
		next[model] = have
	}
	next[m.Model] = m.Spread
	s.Past.Spreads = next
}

// spreading is the topic of the model that is judged: there is one at a time.
const spreading Topic = "history/spread"

// GiveUpSpread ends the reading of LoadSpread, if it goes on: nobody looks any more.
func (l Loads) GiveUpSpread() {
	if l.s.Busy(spreading) {
		l.s.Cancel(spreading)
		delete(l.s.memoir.spreads, l.s.memoir.spread) // it is read when somebody looks again
	}
}

// LoadSpread reads what the cheapest GPU of a model has cost over 90 days, unless
// that was read within ten minutes; nil then, and when nothing is remembered. The
// reading for another model that still goes on is given up.
func (l Loads) LoadSpread(model feed.GPUModel, now time.Time) tea.Cmd {
	k := &l.s.memoir
	if at, asked := k.spreads[model]; !k.opened || model.Name == "" || asked && now.Sub(at) < EveryPast {
		return nil
	}
	l.GiveUpSpread()
	k.spreads[model], k.spread = now, model
	file := k.ledger
	return Run(l.s.Runner, spreading, func(ctx context.Context) (spread feed.Spread, err error) {
		err = file.use(func(h *store.History) error {
			lows, err := h.Lows(ctx, model.Name, string(model.Kind), now.Add(-judgedBy))
			spread = feed.Spread{Prices: lows.Prices, Span: lows.Span, Says: lows.Says(), At: now}
			return err
		})
		return spread, err
	}, func(a Answer, spread feed.Spread) tea.Msg { return SpreadRead{a, model, spread} })
}

// ChartRead answers LoadChart.
type ChartRead struct {
	Answer
	Chart feed.PriceChart
}

// Fold keeps it.
func (m ChartRead) Fold(s *feed.Snapshot) { s.Past.Chart.Apply(m.Chart, m.At, m.Err) }

// Remembers reports whether there is a history to read.
func (l Loads) Remembers() bool { return l.s.cfg.History.Path != "" && !l.s.memoir.tried }

// LoadChart reads what a model or a slot has cost; nil when nothing is remembered yet.
func (l Loads) LoadChart(q feed.PriceQuery) tea.Cmd {
	if !l.s.memoir.opened {
		return nil
	}
	file := l.s.memoir.ledger
	return Run(l.s.Runner, readingChart, func(ctx context.Context) (c feed.PriceChart, err error) {
		err = file.use(func(h *store.History) (err error) {
			c, err = chartOf(ctx, h, q)
			return err
		})
		c.PriceQuery = q
		return c, err
	}, func(a Answer, c feed.PriceChart) tea.Msg { return ChartRead{a, c} })
}

func chartOf(ctx context.Context, h *store.History, q feed.PriceQuery) (c feed.PriceChart, err error) {
	if q.Slot.Machine == 0 {
		bands, samples, first, last, err := h.ModelBands(ctx, q.Model.Name, string(q.Model.Kind), q.From, q.To, q.Parts)
		for _, b := range bands {
			c.Points = append(c.Points, feed.PricePoint{At: b.At, Low: b.Low, Mid: b.Mid, High: b.High})
		}
		c.Samples, c.Noted = samples, last.Sub(first)
		return c, err
	}
	t, err := h.SlotTrend(ctx, storeSlot(q.Slot), q.From, q.To, q.Parts)
	part := q.To.Sub(q.From) / time.Duration(max(1, q.Parts))
	first := -1
	for n, v := range t.Prices {
		c.Points = append(c.Points, feed.PricePoint{At: q.From.Add(time.Duration(n+1) * part), Low: v, Mid: v, High: v})
		if first < 0 && !math.IsNaN(v) {
			first = n
		}
	}
	if first >= 0 {
		c.Noted = time.Duration(len(t.Prices)-first) * part
	}
	c.Samples = t.Points
	return c, err
}

// CreditsRead answers LoadCredits.
type CreditsRead struct {
	Answer
	List []feed.Credit
}

// Fold keeps it.
func (m CreditsRead) Fold(s *feed.Snapshot) { s.Past.Credit.Apply(m.List, m.At, m.Err) }

// LoadCredits reads what could be spent since; nil when nothing is remembered yet.
func (l Loads) LoadCredits(since time.Time) tea.Cmd {
	if !l.s.memoir.opened {
		return nil
	}
	file := l.s.memoir.ledger
	return Run(l.s.Runner, readingCredit, func(ctx context.Context) (list []feed.Credit, err error) {
		err = file.use(func(h *store.History) error {
			have, err := h.Credits(ctx, since, time.Now())
			for _, c := range have {
				list = append(list, feed.Credit{At: c.At, Amount: vastapi.Amount(c.Amount)})
			}
			return err
		})
		return list, err
	}, func(a Answer, list []feed.Credit) tea.Msg { return CreditsRead{a, list} })
}

// writePrices notes prices, and reports whether they tell what their models cost.
func writePrices(ctx context.Context, l *ledger, seen seenPrices) (whole bool, err error) {
	p := store.Prices{At: seen.at, Whole: seen.whole, Quotes: make([]store.Quote, len(seen.quotes)), Gone: make([]store.Slot, len(seen.gone))}
	for n, q := range seen.quotes {
		p.Quotes[n] = store.Quote{Slot: storeSlot(q.Slot), Model: q.model, Price: q.price}
	}
	for n, slot := range seen.gone {
		p.Gone[n] = storeSlot(slot)
	}
	return p.Whole, l.use(func(h *store.History) error { return h.RecordPrices(ctx, p) })
}

func storeSlot(s feed.Slot) store.Slot {
	return store.Slot{Machine: int64(s.Machine), GPUs: s.GPUs, Kind: string(s.Kind)}
}

func slotOf(s store.Slot) feed.Slot {
	return feed.Slot{Machine: vastapi.MachineID(s.Machine), GPUs: s.GPUs, Kind: vastapi.RentalType(s.Kind)}
}

func launches(list []store.Start) []feed.Launch {
	out := make([]feed.Launch, len(list))
	for n, s := range list {
		out[n] = feed.Launch{
			Instance: vastapi.InstanceID(s.Instance), Machine: vastapi.MachineID(s.Machine), Host: vastapi.HostID(s.Host),
			At: s.At, Ready: s.Ready, Failed: s.Failed,
		}
	}
	return out
}
