package costs

import "vastdeck/vastapi"

// mostPrices is how many changes of a price are told of one instance, the newest.
const mostPrices = 4

// changedPrices are the changes of what the instance costs while it runs, as this run
// has seen them.
func (r *row) changedPrices() []input {
	var list []input
	for n, after := range r.rates {
		if n == 0 {
			continue
		}
		was := r.rates[n-1].Running
		if !vastapi.Known(was) || !vastapi.Known(after.Running) || exactRate(was) == exactRate(after.Running) {
			continue
		}
		list = append(list, input{"the price changed", exactRate(was) + " → " + exactRate(after.Running),
			"while it runs, first seen " + after.At().UTC().Format("Jan 2 15:04") + " UTC; the time before is counted at the older one"})
	}
	return list[max(0, len(list)-mostPrices):]
}
