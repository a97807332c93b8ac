//go:build long && unix

package rental_test

import "testing"

// TestTenThousandProcessesKilledWhileRentingLoseNoRental is the same with as
// many runs as a release asks for.
func TestTenThousandProcessesKilledWhileRentingLoseNoRental(t *testing.T) {
	killRenters(t, 10_000)
}
