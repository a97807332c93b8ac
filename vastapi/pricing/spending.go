package pricing

import "vastdeck/vastapi"

// Spending is what was charged, by what it was charged for, in USD.
type Spending struct {
	GPU, Disk vastapi.Amount
	Up, Down  vastapi.Amount // traffic from the machine and to it
	Other     vastapi.Amount // what the items do not name
}

// Total is the sum of the parts.
func (s Spending) Total() vastapi.Amount { return s.GPU + s.Disk + s.Up + s.Down + s.Other }

// And is the sum of two.
func (s Spending) And(o Spending) Spending {
	return Spending{s.GPU + o.GPU, s.Disk + o.Disk, s.Up + o.Up, s.Down + o.Down, s.Other + o.Other}
}

// SpendingOf takes a charge apart by its items. What these do not come to is Other, so
// that the parts always add up to the charge.
func SpendingOf(c vastapi.Charge) Spending {
	var s Spending
	for _, i := range c.Items {
		switch i.Kind {
		case "gpu":
			s.GPU += i.Amount
		case "disk":
			s.Disk += i.Amount
		case "bwd":
			s.Down += i.Amount
		case "bwu":
			s.Up += i.Amount
		default:
			s.Other += i.Amount
		}
	}
	if rest := c.Amount - s.Total(); rest > tiny || rest < -tiny {
		s.Other += rest
	}
	return s
}
