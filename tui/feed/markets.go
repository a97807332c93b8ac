package feed

import "vastdeck/vastapi"

// OffersOf is what is known of the market of one rental type, shown or not.
func (s *Snapshot) OffersOf(kind vastapi.RentalType) Feed[Market] {
	if KindOf(kind) == KindOf(s.Kind) {
		return s.Offers
	}
	return s.aside[KindOf(kind)]
}

// SetOffers replaces what is known of the market of one rental type. Of all
// markets together no more than most rows are kept, 0 = any number: the one that
// was told longest ago and is not shown goes first.
func (s *Snapshot) SetOffers(kind vastapi.RentalType, f Feed[Market], most int) {
	if KindOf(kind) == KindOf(s.Kind) {
		s.Offers = f
	} else {
		s.putAside(kind, f)
	}
	for most > 0 && s.rows() > most {
		oldest, found := vastapi.RentalType(""), false
		for k, f := range s.aside {
			if len(f.Value.Rows) > 0 && (!found || f.At.Before(s.aside[oldest].At)) {
				oldest, found = k, true
			}
		}
		if !found {
			return
		}
		s.putAside(oldest, Feed[Market]{Rev: s.aside[oldest].Rev + 1})
	}
}

// ShowOffers makes Offers the market of one rental type. What is known of the
// others stays.
func (s *Snapshot) ShowOffers(kind vastapi.RentalType) {
	if KindOf(kind) == KindOf(s.Kind) {
		return
	}
	next := s.aside[KindOf(kind)]
	s.putAside(s.Kind, s.Offers)
	delete(s.aside, KindOf(kind))
	s.Kind, s.Offers = KindOf(kind), next
}

func (s *Snapshot) putAside(kind vastapi.RentalType, f Feed[Market]) {
	if s.aside == nil {
		s.aside = map[vastapi.RentalType]Feed[Market]{}
	}
	s.aside[KindOf(kind)] = f
}

// rows counts those of all markets.
func (s *Snapshot) rows() int {
	n := len(s.Offers.Value.Rows)
	for _, f := range s.aside {
		n += len(f.Value.Rows)
	}
	return n
}
