package offerql

import (
	"math"
	"strings"
)

// The greatest numbers that can be right, by what is measured and in the unit of
// a bare number. They lie far above what any machine has, so that what exceeds
// them is a slip of the finger or a number on another scale.
var greatest = [...]float64{
	plain: 1e12, memory: 100_000, cardMemory: 8_000, size: 1e6, days: 36_500, speed: 1e7, money: mostCeiling, fraction: 1, hours: 1e6,
}

// counts are the greatest numbers of fields that count or measure something of
// which machines have few.
var counts = map[string]float64{
	"num_gpus": 1024, "cpu_cores": 8192, "cpu_cores_effective": 8192, "cpu_ghz": 20, "compute_cap": 10_000, "pci_gen": 32,
	"direct_port_count": 1e6, "gpu_max_power": 1e5, "gpu_max_temp": 1000, "cuda_max_good": 10_000, "cuda_vers": 10_000,
	"bw_nvlink": 1e7, "gpu_mem_bw": 1e7, "pcie_bw": 1e7, "disk_bw": 1e8, "dlperf": 1e9, "total_flops": 1e9, "cluster_id": maxID,
	"host_id": maxID, "machine_id": maxID, "id": maxID, "score": math.MaxFloat64, "dlperf_per_dphtotal": 1e9, "flops_per_dphtotal": 1e9,
}

// maxID is the greatest whole number that is exact on the wire.
const maxID = 1 << 53

// limit fills in the numbers that a field can have.
func (f *Field) limit() {
	if f.Kind != Number {
		return
	}
	f.max = greatest[f.dim]
	if most, ok := counts[f.Name]; ok {
		f.max = most
	}
	f.signed = f.Name == "score"
}

// impossible refuses numbers that cannot be right: they would admit everything
// or nothing. Num is how the number was written.
func (p *parser) impossible(f *Field, it item, num string, v value) *Error {
	n := v.num
	if v.exact && (f.dim == memory || f.dim == cardMemory) {
		n /= 1000
	}
	if !(f.dim == fraction && n > 1) && !(n > f.max) && (n >= 0 || f.signed) {
		return nil // as nearly always: no error is made
	}
	e := &Error{Col: it.col, Len: it.len, Kind: BadScale}
	switch {
	case f.dim == fraction && n > 1:
		e.Text = f.Name + " is between 0 and 1"
		if n <= 100 {
			e.Suggest = printNumber(tidyFactor(n, 0.01))
			e.Text += ", or a percentage"
		}
	case n > f.max:
		e.Text = f.Name + " is never above " + f.most()
		if factor := f.otherScale(n); factor != 0 && !v.exact && strings.HasPrefix(it.text, num) && len(num) == len(it.text) {
			if factor == 1000 && n == math.Trunc(n/1024)*1024 {
				factor = 1024
			}
			e.Suggest = printNumber(printable(n / factor))
		}
	default:
		e.Text = f.Name + " is never below 0"
		if f.dim == money && f.Unit == "$/h" {
			e.Text = "no price is below $0"
		}
	}
	return e
}

// most is the greatest number of a field with its unit.
func (f *Field) most() string {
	s := thousands(printNumber(f.max))
	switch {
	case f.dim == money:
		return "$" + s + strings.TrimPrefix(f.Unit, "$")
	case f.Unit != "":
		return s + " " + f.Unit
	}
	return s
}
