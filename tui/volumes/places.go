package volumes

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// placesPage looks for a place for a volume: a query line, and the list of what it admits.
type placesPage struct {
	line  queryline.Model
	table table.Model[vastapi.OfferID, *vastapi.Offer]
	src   *vastapi.Volume // that is copied there, nil = a new one is made
	size  vastapi.GB      // that is wanted

	typed offerql.Query // as it stands in the line
	bad   bool          // the line holds something that is not applied
	note  string        // what was read otherwise than it was typed
	clash string        // why nothing can satisfy the query; it is not sent then

	rows   []*vastapi.Offer
	known  offerql.Known // of the texts in them, for completing the query; nil until it is asked for
	at     time.Time     // when they were read, zero = never
	loaded question      // what they were asked for with
	asked  question      // what the search under way asks for
	busy   bool          // there is one
	more   bool          // the server has more than is here
	failed error         // why the newest search has no answer
	detail bool
	home   bool // the cursor goes to the machine of what is copied, as soon as that is listed
}

// question is what is looked for: the query with the policy, and how much room.
type question struct {
	query offerql.Query
	size  vastapi.GB
}

func (q question) equal(p question) bool { return q.size == p.size && q.query.Equal(p.query) }

// narrows reports whether all that q admits was admitted by older.
func (q question) narrows(older question) bool {
	return q.size >= older.size && q.query.Narrows(older.query)
}

// search is the question as the server is asked it.
func (q question) search() vastapi.OfferSearch {
	return vastapi.OfferSearch{Filter: q.query.Filter(false), Storage: q.size}
}

// keep is what rows are filtered by: filters have been seen to be ignored by the server.
func (q question) keep() func(*vastapi.Offer) bool {
	return func(o *vastapi.Offer) bool { return q.query.Match(o) && !(o.DiskSpace < q.size) }
}

// How much is wanted when nothing else was said, and for how long an answer is used
// without asking again when the page is opened.
const (
	usualSize = vastapi.GB(50)
	placesAge = time.Minute
)

// placesMemory is what the arrangement of the page is remembered under.
const placesMemory = "volume places"

// openPlaces looks for a place for a new volume, or for a copy of src.
func (m *Model) openPlaces(env view.Env, src *vastapi.Volume) view.Effect {
	p := m.places
	if p == nil {
		p = newPlacesPage(env)
		m.places = p
	}
	size := p.size
	switch {
	case src != nil:
		size = src.Size
	case p.src != nil:
		size = usualSize
	}
	p.src, p.detail = nil, false
	if src != nil {
		one := *src
		p.src = &one
	}
	p.size = wholeUp(size)
	p.line.Blur()
	m.page = p
	p.reorder()
	e := view.Join(p.refilter(env), p.look(env))
	p.table.Home()
	p.home = src != nil
	p.goHome()
	return e
}

// wholeUp is a size in whole gigabytes that holds it.
func wholeUp(gb vastapi.GB) vastapi.GB {
	if !(gb >= 1) {
		return usualSize
	}
	if whole := vastapi.GB(int(gb)); whole < gb {
		return whole + 1
	}
	return vastapi.GB(int(gb))
}

func newPlacesPage(env view.Env) *placesPage {
	p := &placesPage{line: queryline.New(env.Theme), size: usualSize}
	p.table = table.New(func(o *vastapi.Offer) vastapi.OfferID { return o.ID }, nil, env.Theme)
	p.table.SetColumns(columnsOf(placeColumns(func() vastapi.GB { return p.size })))
	p.table.ShowPosition, p.table.Offload = true, true
	p.line.Placeholder = "type / to search:  region=EU  storage_cost<0.1  reliability>=0.99  inet_down>500  machine_id=123  region=all"
	state := env.Data.Memory.Tables[placesMemory]
	if state.Sort != "" {
		p.table.Sort(state.Sort, state.Desc)
	}
	p.typed, _, _ = readPlaces("")
	if q, _, err := readPlaces(state.Query + " "); err == nil && state.Query != "" {
		p.line.SetValue(state.Query)
		p.typed = q
	}
	p.chips()
	return p
}

// remember keeps query and order for the next run.
func (p *placesPage) remember() view.Effect {
	id, desc := p.table.SortBy()
	return listing.Keep(placesMemory, feed.TableState{Sort: id, Desc: desc, Query: trim(p.line.Value())}, p.bad)
}

func (p *placesPage) retheme(th *theme.Theme) {
	p.table.SetTheme(th)
	p.line.SetTheme(th)
}

// question is what is looked for now.
func (p *placesPage) question() question { return question{p.typed.WithDefaults(), p.size} }

// here reports whether all that a question admits is in hand.
func (p *placesPage) here(q question) bool {
	return !p.at.IsZero() && !p.more && q.narrows(p.loaded)
}

// look asks the server when it may have rows that are not here, or when those that are
// here are old.
func (p *placesPage) look(env view.Env) view.Effect {
	q := p.question()
	if p.here(q) && env.Now.Sub(p.at) < placesAge || p.busy && q.equal(p.asked) {
		return view.Effect{}
	}
	return p.seek(env)
}

// seek asks the server for what is looked for.
func (p *placesPage) seek(env view.Env) view.Effect {
	p.clash = p.typed.WithDefaults().Contradiction()
	if p.clash != "" || p.bad {
		return view.Effect{}
	}
	cmd := env.Load.SearchPlaces(p.question().search())
	if cmd == nil {
		return view.Effect{}
	}
	p.asked, p.busy = p.question(), true
	return view.Wait(cmd)
}

// found takes an answer in: the rows of a search, or one place that a plan waits for.
func (m *Model) found(env view.Env, msg command.PlacesFound) view.Effect {
	if msg.Topic == command.PlaceReread {
		return m.reread(env, msg)
	}
	if m.places == nil {
		return view.Effect{}
	}
	return m.places.found(env, msg)
}

func (p *placesPage) found(env view.Env, msg command.PlacesFound) view.Effect {
	p.busy, p.failed = false, msg.Err
	if msg.Err != nil {
		return view.Effect{}
	}
	p.loaded, p.at, p.more = p.asked, msg.At, msg.More
	p.rows = make([]*vastapi.Offer, len(msg.Page.Offers))
	for n := range msg.Page.Offers {
		p.rows[n] = &msg.Page.Offers[n]
	}
	p.known = nil
	p.reorder()
	e := p.arrange(env)
	p.goHome()
	if q := p.question(); !p.here(q) && !q.equal(p.asked) {
		return view.Join(e, p.seek(env)) // something else was typed meanwhile
	}
	return e
}

// reorder gives the rows to the table: of a copy the machine of what is copied first,
// for as long as no column is chosen to sort by.
func (p *placesPage) reorder() {
	if p.src == nil {
		p.table.SetRows(slices.Clone(p.rows))
		return
	}
	var first, others []*vastapi.Offer
	for _, o := range p.rows {
		if o.MachineID == p.src.MachineID {
			first = append(first, o)
		} else {
			others = append(others, o)
		}
	}
	p.table.SetRows(append(first, others...))
}

// refilter shows what the question admits now.
func (p *placesPage) refilter(env view.Env) view.Effect {
	p.table.Invalidate() // prices are for the size that is wanted
	p.table.Filter(p.question().keep())
	return p.arrange(env)
}

// goHome puts the cursor on the machine of what is copied, unless the user has moved it.
func (p *placesPage) goHome() {
	if !p.home || p.src == nil || p.table.Pending() {
		return
	}
	for _, o := range p.rows {
		if o.MachineID == p.src.MachineID && p.table.Select(o.ID) {
			p.home = false
			return
		}
	}
}

type placesArranged struct {
	table.Arrangement[vastapi.OfferID, *vastapi.Offer]
}

const placesArranging command.Topic = "volume places/arrange"

func (p *placesPage) arrange(env view.Env) view.Effect {
	job, ok := p.table.Job()
	if !ok {
		return view.Effect{}
	}
	return view.Wait(command.Compute(env.Load, placesArranging, func() placesArranged { return placesArranged{job.Run()} }))
}

func (p *placesPage) arranged(env view.Env, msg command.Computed[placesArranged]) view.Effect {
	if msg.Err != nil {
		p.table.Drop()
		return view.Effect{}
	}
	p.table.Install(msg.Value.Arrangement)
	p.goHome()
	return p.arrange(env)
}

func (p *placesPage) capturing() bool { return p.line.Focused() }

// back leaves the line, then closes the detail, then clears the query, then the page.
func (p *placesPage) back(_ *Model, env view.Env) (view.Effect, bool) {
	switch {
	case p.line.Focused():
		p.line.Blur()
		return p.remember(), false
	case p.detail:
		p.detail = false
		return view.Effect{}, false
	case p.line.Value() != "":
		p.line.Reset()
		return view.Join(p.readText(env, ""), p.remember()), false
	}
	return view.Effect{}, true
}

func (p *placesPage) key(_ *Model, env view.Env, msg tea.Msg) view.Effect {
	if p.line.Focused() {
		if !p.line.Update(msg) {
			return view.Effect{}
		}
		if _, pasted := msg.(tea.PasteMsg); pasted {
			p.line.Complete(0, 0, nil)
			return p.readText(env, p.line.Value())
		}
		e := p.readText(env, p.line.Value())
		p.suggest(false)
		return e
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && p.table.Update(k) {
		p.home = false
	}
	return view.Effect{}
}
