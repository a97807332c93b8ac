package costs

import (
	"cmp"
	"slices"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// made is what is made of the answers at hand: at once for a few things that are
// billed, away from Update for many.
type made struct {
	rows   []*row            // the dearest first
	all    totals            // of the rows
	groups int               // of two and more
	whole  bool              // both instances and volumes have been read
	names  map[string]string // by the key of the row: of what is billed, and of what was charged
	agreed []agreement       // the largest charge first
}

// madeOf makes all that is shown of the answers at hand.
func madeOf(w world) made {
	charged := chargedTo(w.charges)
	rows := rowsOf(w, charged)
	slices.SortStableFunc(rows, func(a, b *row) int {
		return cmp.Or(-cmp.Compare(float64(a.now), float64(b.now)), cmp.Compare(a.id, b.id))
	})
	m := made{rows: rows, all: totalsOf(rows), names: make(map[string]string, len(rows)), whole: !w.at.IsZero() && !w.volumesAt.IsZero()}
	count := map[string]int{}
	for _, r := range rows {
		m.names[r.key] = r.name
		if r.group != "" {
			if count[r.group]++; count[r.group] == 2 {
				m.groups++
			}
		}
	}
	m.agreed = agreements(rows, w, charged)
	for _, d := range w.charges.Days {
		for _, one := range d.List {
			key := keyOf(one)
			if _, named := m.names[key]; key != "" && !named {
				m.names[key], _ = rental.SplitLabel(one.Label.String())
			}
		}
	}
	return m
}

// agreement is what one contract was charged in the days that were read, without its
// traffic, and what was estimated for the same time.
type agreement struct {
	name, label        string
	estimate, charged  vastapi.Amount // without traffic
	traffic            vastapi.Amount
	percent            float64 // by how much the estimate is above the charge
	guessed, forgotten bool    // the estimate is partly a guess; the contract is gone
}

// agreements are those of all contracts that exist or were charged.
func agreements(rows []*row, w world, charged map[string]pricing.Spending) []agreement {
	if len(w.charges.Days) == 0 {
		return nil
	}
	var list []agreement
	seen := make(map[string]bool, len(rows))
	for _, r := range rows {
		seen[r.key] = true
		a := agreementOf(charged[r.key])
		a.name, a.label, a.estimate, a.guessed = lower(r.title()), r.name, r.window.Total, r.window.Estimated()
		a.percent = pricing.Deviation(a.estimate, a.charged)
		list = append(list, a)
	}
	for _, d := range w.charges.Days {
		for _, one := range d.List {
			key := keyOf(one)
			if key == "" || seen[key] {
				continue
			}
			seen[key] = true
			a := agreementOf(charged[key])
			a.name, a.estimate, a.percent, a.forgotten = contractText(one), vastapi.Unknown[vastapi.Amount](), vastapi.Unknown[float64](), true
			a.label, _ = rental.SplitLabel(one.Label.String())
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b agreement) int { return -cmp.Compare(a.charged, b.charged) })
	return list
}

func agreementOf(s pricing.Spending) agreement {
	return agreement{charged: s.Total() - s.Up - s.Down, traffic: s.Up + s.Down}
}

// size is how much there is to be gone through.
func (w world) size() int {
	n := len(w.instances) + len(w.volumes)
	for _, d := range w.charges.Days {
		n += len(d.List) / feed.ChargedDays
	}
	return n
}
