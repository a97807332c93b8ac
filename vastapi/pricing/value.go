package pricing

import "vastdeck/vastapi"

// PerGPU is the price per hour of one of n GPUs; unknown for n < 1.
func PerGPU(total vastapi.Rate, n int) vastapi.Rate {
	if n < 1 {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return total / vastapi.Rate(n)
}

// PerDLPerf is the price per hour of one point of DLPerf: total ÷ score.
func PerDLPerf(total vastapi.Rate, score float64) vastapi.Rate { return per(total, score) }

// PerTFLOPS is the price per hour of one TFLOPS.
func PerTFLOPS(total vastapi.Rate, tflops float64) vastapi.Rate { return per(total, tflops) }

// PerGiB is the price per hour of one GiB of GPU memory.
func PerGiB(total vastapi.Rate, ram vastapi.MiB) vastapi.Rate {
	return per(total, float64(ram)/1024)
}

// DLPerfPerDollar is the marketplace's usual measure of value: points of DLPerf
// for one $/h (dlperf ÷ dph_total).
func DLPerfPerDollar(total vastapi.Rate, score float64) float64 {
	if total <= 0 {
		return vastapi.Unknown[float64]()
	}
	return score / float64(total)
}

func per(total vastapi.Rate, quantity float64) vastapi.Rate {
	if quantity <= 0 {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return total / vastapi.Rate(quantity)
}
