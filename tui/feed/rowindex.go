package feed

import (
	"math/bits"

	"vastdeck/vastapi"
)

// rowIndex finds rows by the ids of their offers: a table of open addressing
// that holds positions plus 1, at most half full, of 4 bytes each. The ids
// themselves stand in the rows.
type rowIndex []int32

// indexed is the index of rows. It takes a while, so it is made where a page is
// taken in, not in Update.
func indexed(rows []Row) rowIndex {
	x := make(rowIndex, 1<<bits.Len(uint(2*len(rows))))
	for n := range rows {
		at := x.start(rows[n].Offer.ID)
		for x[at] != 0 {
			at = x.next(at)
		}
		x[at] = int32(n) + 1
	}
	return x
}

// start is where the search for an id begins.
func (x rowIndex) start(id vastapi.OfferID) int {
	const golden = 0x9e37_79b9_7f4a_7c15 // spreads ids that follow one another
	return int(uint64(id) * golden >> (64 - bits.Len(uint(len(x)-1))) & uint64(len(x)-1))
}

func (x rowIndex) next(at int) int { return (at + 1) & (len(x) - 1) }

// find is the position of an id in rows, -1 when it is not among them. The index
// may be of more rows than these, when the others stood behind them.
func (x rowIndex) find(rows []Row, id vastapi.OfferID) int {
	if len(x) == 0 {
		return -1
	}
	for at := x.start(id); x[at] != 0; at = x.next(at) {
		if n := int(x[at]) - 1; n < len(rows) && rows[n].Offer.ID == id {
			return n
		}
	}
	return -1
}
