package view

import "vastdeck/vastapi"

// Subject is what a view's cursor is on; all are nil when there is nothing.
type Subject struct {
	Instance *vastapi.Instance
	Offer    *vastapi.Offer
	Volume   *vastapi.Volume
}

// Subjects is a view whose rows the user's own commands can be about.
type Subjects interface {
	Subject(Env) Subject
}

// Placed is a view that can be led back to what it shows now.
type Placed interface {
	// Place is what leads back here as Focused.On. Two places are the same when they
	// are equal; it is nil where there is nothing to be led back to.
	Place(Env) any
}

// RentQuery is what the Market is opened with to rent what a line describes: the
// offers are searched for, and the form opens about the best of them.
type RentQuery struct {
	Query  string // as it is typed in the market
	Kind   vastapi.RentalType
	Filled Values // fields of the form by name: image, disk, name, count, bid
}
