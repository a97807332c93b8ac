package vastapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"vastdeck/vastapi/safetext"
)

// Report is what renters said about a machine (GET /api/v0/machines/{id}/reports/).
// Equal complaints are one Report with a count.
type Report struct {
	Problem safetext.Text // the class, e.g. "Slow network"
	Message safetext.Text // the renter's words; whatever they wrote
	At      time.Time     // the latest; zero = not told
	First   time.Time     // the earliest; zero = not told
	Count   int           // how many said the same, at least 1
}

// MachineReports returns the public reports about a machine, the latest first.
// A machine nobody complained about has none; one the server does not know is a
// KindNotFound error.
func (c *Client) MachineReports(ctx context.Context, id MachineID) ([]Report, error) {
	var reports []Report
	err := c.get(ctx, RouteReports, "/api/v0/machines/"+id.String()+"/reports/", "", func(body []byte) (err error) {
		reports, err = readReports(body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reports, nil
}

func readReports(body []byte) ([]Report, error) {
	var (
		reports []Report
		d       = newSorter()
		places  = map[[2]string]int{}
	)
	err := d.list(body, "reports", func(s *scanner) error {
		r, err := d.report(s)
		if err != nil {
			return err
		}
		same := [2]string{r.Problem.String(), r.Message.String()}
		if i, ok := places[same]; ok {
			reports[i].add(r)
			return nil
		}
		places[same] = len(reports)
		reports = append(reports, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(reports, func(a, b Report) int { return cmp.Compare(b.At.UnixNano(), a.At.UnixNano()) })
	return reports, nil
}

func (d *sorter) report(s *scanner) (Report, error) {
	r := Report{Count: 1}
	err := s.fields(func(key []byte, v value) error {
		switch string(key) {
		case "problem":
			r.Problem = d.text(v)
		case "message":
			r.Message = d.text(v)
		case "created_at":
			r.At = v.when()
		case "count":
			r.Count = max(v.count(1), 1)
		}
		return nil
	})
	r.First = r.At
	return r, err
}

// add counts another report of the same words.
func (r *Report) add(other Report) {
	r.Count += other.Count
	if other.At.After(r.At) {
		r.At = other.At
	}
	if r.First.IsZero() || (!other.First.IsZero() && other.First.Before(r.First)) {
		r.First = other.First
	}
}
