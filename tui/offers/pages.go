package offers

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/compare"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/reader"
	"vastdeck/vastapi"
)

// page is what stands in place of the list until it is closed: a comparison, a
// list to choose from, a long text. It has the keyboard meanwhile.
type page interface {
	// actions are what keys do on the page beside closing it.
	actions(env view.Env) []view.Action
	// key takes the keys and pastes that no action has claimed.
	key(m *Model, env view.Env, msg tea.Msg) view.Effect
	// back is esc; it reports whether the page is to be closed by it.
	back(m *Model, env view.Env) (view.Effect, bool)
	// draw gives exactly h lines of w cells, and where the text cursor stands.
	draw(env view.Env, w, h int) (string, *tea.Cursor)
	// capturing reports whether the page has a text line with the keyboard.
	capturing() bool
}

// show opens a page.
func (m *Model) show(p page) view.Effect {
	m.line.Blur()
	m.page = p
	return view.Effect{}
}

// pageActions are what keys do while a page is open.
func (m *Model) pageActions(env view.Env) []view.Action {
	return append(m.page.actions(env), view.Action{
		Key: view.Bind("esc", "back", "esc"), Group: section, Typing: true,
		Do: func() view.Effect {
			e, closed := m.page.back(m, env)
			if closed {
				m.page = nil
			}
			return e
		},
	})
}

// columnPage chooses which columns are shown, and in which order.
type columnPage struct{ listing.ColumnPage }

func newColumnPage(m *Model, th *theme.Theme) *columnPage {
	return &columnPage{listing.ChooseColumns(&m.list.table, choice(), th)}
}

func (p *columnPage) actions(view.Env) []view.Action { return nil }
func (p *columnPage) capturing() bool                { return p.Filtering() }

func (p *columnPage) key(m *Model, env view.Env, msg tea.Msg) view.Effect {
	if !p.Key(msg) {
		return view.Effect{}
	}
	m.page = nil
	return m.keepOrder(env)
}

func (p *columnPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, p.Back() }

func (p *columnPage) draw(_ view.Env, w, h int) (string, *tea.Cursor) {
	return p.Draw(w, h), p.Cursor()
}

// comparePage shows marked offers side by side.
type comparePage struct {
	compare.Model
}

func newComparePage(m *Model, th *theme.Theme) *comparePage {
	p := &comparePage{compare.New(th)}
	p.fill(m)
	return p
}

// fill takes the figures of now. When fewer than two of the offers are left, it
// stays as it was.
func (p *comparePage) fill(m *Model) {
	var list []*vastapi.Offer
	var heads []string
	for _, r := range m.list.table.Marked() {
		head := gpu(r.Offer)
		if !r.Gone.IsZero() {
			head = "GONE " + head
		}
		list, heads = append(list, r.Offer), append(heads, head)
	}
	if len(list) >= leastCompared && len(list) <= mostCompared {
		p.Set(heads, m.query.prices.compared(list))
	}
}

func (p *comparePage) actions(view.Env) []view.Action                  { return nil }
func (p *comparePage) capturing() bool                                 { return false }
func (p *comparePage) back(*Model, view.Env) (view.Effect, bool)       { return view.Effect{}, true }
func (p *comparePage) draw(_ view.Env, w, h int) (string, *tea.Cursor) { return p.Draw(w, h), nil }

func (p *comparePage) key(_ *Model, _ view.Env, msg tea.Msg) view.Effect {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		p.Update(k)
	}
	return view.Effect{}
}

// textPage is a text to read, to search and to copy.
type textPage struct {
	listing.Text
	offer vastapi.OfferID
}

// newTextPage shows a text under its title; what says after copying what it was.
func newTextPage(title, what, text string, th *theme.Theme) *textPage {
	return &textPage{Text: listing.NewText(title, what, text, th)}
}

func (p *textPage) capturing() bool { return p.Capturing() }

func (p *textPage) actions(view.Env) []view.Action {
	return []view.Action{
		{Key: view.Bind("C", "copy it all", "C", "y"), Group: section, Do: func() view.Effect { return view.Do(view.Copy{Text: p.Copied, What: p.What}) }},
	}
}

func (p *textPage) key(_ *Model, _ view.Env, msg tea.Msg) view.Effect {
	p.Update(msg)
	return view.Effect{}
}

func (p *textPage) back(*Model, view.Env) (view.Effect, bool) { return view.Effect{}, p.Back() }

func (p *textPage) draw(_ view.Env, w, h int) (string, *tea.Cursor) { return p.Draw(w, h), p.Cursor() }

// openRaw shows the offer as it was read and asks for it as the server gives it.
func (m *Model) openRaw(env view.Env, o vastapi.Offer) view.Effect {
	p := newTextPage("Offer "+o.ID.String()+" as it was read, asking for the server's own words", "the offer as JSON", rawJSON(&o), env.Theme)
	p.offer = o.ID
	m.show(p)
	return view.Wait(env.Load.LoadOfferRaw(o.ID, m.kind(), m.job().Disk))
}

// rawRead shows the server's own words, or says why they are not to be had.
func (m *Model) rawRead(_ view.Env, msg command.OfferRawRead) {
	p, ok := m.page.(*textPage)
	if !ok || p.offer != msg.Offer {
		return
	}
	if msg.Err != nil || msg.Lines == nil {
		why := "the server does not give it now"
		if msg.Err != nil {
			why = view.Sentence(msg.Err)
		}
		p.Set("Offer "+msg.Offer.String()+" as it was read: "+why, reader.Split(p.Copied))
		return
	}
	var lines []string
	for _, l := range msg.Lines.All() {
		lines = append(lines, l)
	}
	p.Tell("Offer "+msg.Offer.String()+" as the server gives it now", lines)
}

// newSumPage shows the sum behind every price of an offer.
func newSumPage(m *Model, o *vastapi.Offer, th *theme.Theme) *textPage {
	facts := m.query.prices.facts(o)
	label := 0
	for _, f := range facts {
		label = max(label, fit.Width(f.Label))
	}
	var lines []string
	for _, f := range facts {
		lines = append(lines, trimmedRight(fit.Line(f.Label, label)+"  "+f.Value))
	}
	title := "What " + gpu(o) + " on machine " + o.MachineID.String() + " costs"
	p := newTextPage(title, "the sum", joinLines(lines), th)
	p.Copied = title + "\n" + p.Copied
	return p
}

// open shows a saved search.
func (m *Model) open(env view.Env, s feed.SavedSearch) view.Effect {
	m.page = nil
	var switched view.Effect
	if kind := feed.KindOf(s.Kind); kind != m.kind() {
		switched = m.switchTo(env, kind)
	}
	if s.Sort != "" {
		m.list.table.Sort(s.Sort, s.Desc)
	}
	m.see(s)
	return view.Join(switched, m.limit(env, 0, false), m.set(env, s.Query), m.rememberQuery())
}
