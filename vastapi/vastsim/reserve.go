package vastsim

import "fmt"

// spentFromDeposit is what the deposit has paid for since it was made.
func (w *World) spentFromDeposit(in *instance) (spent, saved float64) {
	for _, s := range in.ledger.segments {
		if !s.prepaid {
			continue
		}
		hours := s.overlap(in.depositedAt, forever, w.clock)
		spent += in.ledger.price(s.rates).total() * hours
		if in.discount < 1 {
			saved += s.rates.gpu / (1 - in.discount) * in.discount * hours
		}
	}
	return spent, saved
}

func (w *World) depositLeft(in *instance) float64 {
	spent, _ := w.spentFromDeposit(in)
	return max(0, in.deposit-spent)
}

// refund is what comes back when a reserved instance is destroyed: the rest of
// the deposit less the discount received so far and a twentieth of it. A machine
// that lost its verification refunds everything.
func (w *World) refund(in *instance) float64 {
	if in.deposit <= 0 {
		return 0
	}
	_, saved := w.spentFromDeposit(in)
	left := w.depositLeft(in)
	if in.m.host.verification == "deverified" {
		return left
	}
	return max(0, left-1.05*saved)
}

// prepay is PUT /instances/prepay/{id}/: a deposit buys a discount that grows
// with the months it covers.
func (w *World) prepay(q *request) answer {
	in, found := w.target(q)
	if !found {
		return reply(400, map[string]any{"success": false, "msg": "No such instance"})
	}
	amount, given := q.body.num("amount")
	switch {
	case !given || amount <= 0:
		return fail(400, "invalid_args", "Invalid amount")
	case in.bid:
		return fail(400, "invalid_args", "Interruptible instances cannot be reserved.")
	case amount > w.credit():
		return reply(411, map[string]any{"success": false, "msg": "Insufficient credit"})
	}
	left := w.depositLeft(in) + amount
	w.account.funds -= amount
	monthly := (in.gpuRate + in.storage*in.disk/monthHours) * monthHours
	in.months = left / monthly
	in.deposit, in.depositedAt = left, w.clock
	in.discount = reservedDiscount(in.months, in.m.discountMax)
	w.payIn(w.clock, -amount, "reserved", "instance_prepay", fmt.Sprintf("Reserved instance %d", in.id))
	w.settle(in)
	return ok(map[string]any{"timescale": round(in.months, 3), "discount_rate": in.discount})
}

// showDeposit is GET /instances/balance/{id}/.
func (w *World) showDeposit(q *request) answer {
	in, found := w.target(q)
	if !found {
		return noInstance("no_such_instance")
	}
	_, saved := w.spentFromDeposit(in)
	return ok(map[string]any{
		"refundable_deposit": round(w.refund(in), 6), "total_discount": round(saved, 6), "discount_months": int(in.months),
	})
}
