package offers

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// former is what an earlier run left marked among the offers of one rental type.
type former = listing.Former[feed.OfferKey, *feed.Row]

// formerOf makes that of the type that is shown. The marks of another type stay with it until it is
// shown again.
func (m *Model) formerOf(kind vastapi.RentalType) former {
	f := former{List: memoryName + " " + string(kind), View: view.Market, Name: m.nameOf, Find: m.findNamed, Quiet: m.met[kind]}
	f.Anew(&m.list.table)
	m.met[kind] = true
	return f
}

// stand is how much of the market is here: what has not come by the end of a walk is not on it.
func (m *Model) stand() listing.Stand {
	return listing.Stand{Rev: m.list.seen, Whole: m.list.seen >= 0 && m.search.loaded.prices.kind == m.kind()}
}

// keepsake is how a row of the market is known in another run: as within a run, by its slot, by its id,
// and by the price at which it was chosen, for that disk.
type keepsake struct {
	slot
	offer vastapi.OfferID
	price vastapi.Rate
	disk  vastapi.GB
	alone bool // it was the machine's only one with so many GPUs
}

// slot is so many GPUs of a machine.
type slot struct {
	machine vastapi.MachineID
	gpus    int32
}

func slotOf(r *feed.Row) slot { return slot{r.Key.Machine, r.Key.GPUs} }

// nameOf is the name of a row: the numbers of a keepsake, and "alone".
func (m *Model) nameOf(r *feed.Row) string {
	if r.Key.Kind() != m.kind() || !r.Gone.IsZero() {
		return ""
	}
	number := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	name := fmt.Sprintf("%d %d %d %s %s", r.Key.Machine, r.Key.GPUs, r.Offer.ID, number(float64(m.query.prices.listed(r.Offer))), number(float64(m.job().Disk)))
	if r.Key.ID == 0 {
		name += " alone"
	}
	return name
}

// readName takes a name apart; a name of another shape is none.
func readName(name string) (n keepsake, ok bool) {
	parts := strings.Split(name, " ")
	if len(parts) == 6 && parts[5] == "alone" {
		n.alone, parts = true, parts[:5]
	}
	if len(parts) != 5 {
		return keepsake{}, false
	}
	var whole [3]int64
	for i := range whole {
		v, err := strconv.ParseInt(parts[i], 10, 64)
		if err != nil {
			return keepsake{}, false
		}
		whole[i] = v
	}
	price, errPrice := strconv.ParseFloat(parts[3], 64)
	disk, errDisk := strconv.ParseFloat(parts[4], 64)
	if errPrice != nil || errDisk != nil || whole[0] <= 0 || whole[1] <= 0 || whole[1] > math.MaxInt32 || whole[2] <= 0 {
		return keepsake{}, false
	}
	n.slot, n.offer = slot{vastapi.MachineID(whole[0]), int32(whole[1])}, vastapi.OfferID(whole[2])
	n.price, n.disk = vastapi.Rate(price), vastapi.GB(disk)
	return n, true
}

// comparable reports whether the prices of then and now are known, and for the same disk.
func (m *Model) comparable(n keepsake, o *vastapi.Offer) bool {
	return n.disk == m.job().Disk && vastapi.Known(n.price) && vastapi.Known(m.query.prices.listed(o))
}

// dearer compares the price of now with the one of then, by their shown digits: 1 = it costs more,
// -1 = less, 0 = the same, or nobody knows.
func (m *Model) dearer(n keepsake, o *vastapi.Offer) int {
	now := m.query.prices.listed(o)
	switch {
	case !m.comparable(n, o) || pricing.Shown(now) == pricing.Shown(n.price):
		return 0
	case now > n.price:
		return 1
	}
	return -1
}

// findNamed finds rows by their names. One whose id is not here any more may have been listed anew:
// when its machine has exactly one offer with so many GPUs, as before, and that is not dearer, it is
// meant. That is looked for once, in the whole market.
func (m *Model) findNamed(names []string, whole bool) listing.Found[feed.OfferKey] {
	var found, moved = listing.Found[feed.OfferKey]{}, []feed.OfferKey{}
	more, less := 0, 0
	lost := map[slot]keepsake{}
	for _, name := range names {
		n, ok := readName(name)
		if !ok {
			continue
		}
		r, here := m.offerNamed(n)
		if !here {
			if n.alone {
				lost[n.slot] = n
			}
			continue
		}
		found.Keys = append(found.Keys, r.Key)
		switch m.dearer(n, r.Offer) {
		case 1:
			more, moved = more+1, append(moved, r.Key)
		case -1:
			less, moved = less+1, append(moved, r.Key)
		}
	}
	if whole && len(lost) > 0 {
		found.Keys = append(found.Keys, m.heirs(lost)...)
	}
	found.Say = movedWords(more, less)
	found.Do = func() {
		for _, k := range moved {
			m.list.table.Flash(k, "dph")
		}
	}
	return found
}

// offerNamed finds an offer that is on the market under the id it had.
func (m *Model) offerNamed(n keepsake) (*feed.Row, bool) {
	r, ok := m.list.market.Row(n.offer)
	return r, ok && r.Gone.IsZero() && slotOf(r) == n.slot
}

// heirs are the rows that have taken the place of what is lost, where there is no doubt which.
func (m *Model) heirs(lost map[slot]keepsake) []feed.OfferKey {
	type seat struct {
		row   *feed.Row
		count int
	}
	seats := map[slot]seat{}
	for _, r := range m.list.table.Rows() {
		at := slotOf(r)
		if _, wanted := lost[at]; wanted && r.Gone.IsZero() {
			seats[at] = seat{r, seats[at].count + 1}
		}
	}
	var keys []feed.OfferKey
	for at, s := range seats {
		if n := lost[at]; s.count == 1 && m.comparable(n, s.row.Offer) && m.dearer(n, s.row.Offer) <= 0 {
			keys = append(keys, s.row.Key)
		}
	}
	return keys
}

// movedWords say that some prices are not what they were.
func movedWords(more, less int) string {
	costs := func(n int, what string) string {
		if n == 1 {
			return "1 costs " + what + " than it did"
		}
		return fmt.Sprintf("%d cost %s than they did", n, what)
	}
	switch {
	case more > 0 && less > 0:
		return costs(more, "more") + ", " + costs(less, "less")
	case more > 0:
		return costs(more, "more")
	case less > 0:
		return costs(less, "less")
	}
	return ""
}
