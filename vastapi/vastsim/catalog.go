package vastsim

// A class says who usually owns a card, which decides how many of them a
// machine holds and what the rest of the machine looks like.
type class int

const (
	consumer class = iota
	workstation
	datacenter
)

// A gpuModel is one kind of card as the catalogue describes it.
type gpuModel struct {
	name    string  // as the API spells it, with spaces
	vram    float64 // MiB of one card
	price   float64 // usual $/h of one card
	dlperf  float64 // DLPerf score of one card
	tflops  float64 // TFLOPS of one card
	cap     int     // compute capability × 100; 0 for cards that are not NVIDIA's
	memBW   float64 // GB/s
	power   float64 // W
	lanes   int     // PCIe lanes
	pcie    float64 // PCIe generation
	nvlink  float64 // GB/s between cards; 0 means none
	class   class
	popular int // how many machines of a hundred thousand carry it, roughly
}

// arch is the value of gpu_arch.
func (g gpuModel) arch() string {
	if g.cap == 0 {
		return "amd"
	}
	return "nvidia"
}

// catalogue holds the cards of the simulated market. Names are those of the
// official client's list; memory, bandwidth and power are the makers' figures;
// prices are of the order seen on the market, not quotations.
var catalogue = []gpuModel{
	{"RTX 4090", 24564, 0.395, 106.6, 82.6, 890, 1008, 450, 16, 4, 0, consumer, 17000},
	{"RTX 3090", 24576, 0.195, 41.2, 35.6, 860, 936, 350, 16, 4, 0, consumer, 13000},
	{"RTX 5090", 32607, 0.620, 197.4, 104.8, 1200, 1792, 575, 16, 5, 0, consumer, 11000},
	{"H100 SXM", 81559, 2.270, 548.3, 66.9, 900, 3350, 700, 16, 5, 478.1, datacenter, 4600},
	{"A100 SXM4", 81920, 1.020, 246.8, 19.5, 800, 2039, 400, 16, 4, 300.2, datacenter, 3600},
	{"RTX A6000", 49140, 0.445, 42.9, 38.7, 860, 768, 300, 16, 4, 56.2, workstation, 3400},
	{"RTX 3060", 12288, 0.068, 14.6, 12.7, 860, 360, 170, 16, 4, 0, consumer, 3900},
	{"RTX 4080", 16376, 0.235, 67.3, 48.7, 890, 717, 320, 16, 4, 0, consumer, 2200},
	{"RTX 4070 Ti", 12282, 0.152, 49.8, 40.1, 890, 504, 285, 16, 4, 0, consumer, 2300},
	{"RTX 3080", 10240, 0.112, 34.8, 29.8, 860, 760, 320, 16, 4, 0, consumer, 2600},
	{"RTX A5000", 24564, 0.232, 28.4, 27.8, 860, 768, 230, 16, 4, 56.2, workstation, 2200},
	{"RTX A4000", 16376, 0.118, 21.2, 19.2, 860, 448, 140, 16, 4, 0, workstation, 2300},
	{"L40S", 46068, 0.735, 132.5, 91.6, 890, 864, 350, 16, 4, 0, datacenter, 2300},
	{"L40", 46068, 0.620, 118.1, 90.5, 890, 864, 300, 16, 4, 0, datacenter, 1000},
	{"L4", 23034, 0.285, 38.6, 30.3, 890, 300, 72, 16, 4, 0, datacenter, 1000},
	{"H200", 143771, 2.890, 602.7, 66.9, 900, 4800, 700, 16, 5, 478.1, datacenter, 1700},
	{"H100 PCIE", 81559, 1.890, 402.9, 51.2, 900, 2039, 350, 16, 5, 0, datacenter, 900},
	{"H100 NVL", 95830, 2.140, 447.5, 60.1, 900, 3938, 400, 16, 5, 300.4, datacenter, 900},
	{"H200 NVL", 143771, 2.610, 548.8, 60.3, 900, 4800, 600, 16, 5, 450.3, datacenter, 500},
	{"B200", 183359, 4.280, 1103.4, 80.1, 1000, 8000, 1000, 16, 5, 956.4, datacenter, 700},
	{"GH200 SXM", 97871, 1.940, 498.6, 66.9, 900, 4000, 900, 16, 5, 0, datacenter, 200},
	{"A100 PCIE", 81920, 0.890, 218.4, 19.5, 800, 1935, 300, 16, 4, 0, datacenter, 1300},
	{"A100X", 81920, 0.840, 209.3, 19.9, 800, 2039, 300, 16, 4, 0, datacenter, 150},
	{"A40", 46068, 0.415, 41.6, 37.4, 860, 696, 300, 16, 4, 56.2, datacenter, 900},
	{"A30", 24576, 0.262, 32.2, 10.3, 800, 933, 165, 16, 4, 100.1, datacenter, 200},
	{"A16", 15356, 0.158, 9.8, 4.5, 860, 200, 63, 4, 4, 0, datacenter, 200},
	{"A10", 23028, 0.184, 29.7, 31.2, 860, 600, 150, 16, 4, 0, datacenter, 600},
	{"Tesla T4", 15360, 0.128, 15.3, 8.1, 750, 300, 70, 16, 3, 0, datacenter, 800},
	{"Tesla V100", 16384, 0.152, 23.8, 14.1, 700, 897, 300, 16, 3, 120.3, datacenter, 1200},
	{"Tesla P100", 16280, 0.083, 10.6, 9.5, 600, 732, 250, 16, 3, 0, datacenter, 300},
	{"GTX 1080 Ti", 11264, 0.058, 11.9, 11.3, 610, 484, 250, 16, 3, 0, consumer, 1300},
	{"RTX 2080 Ti", 11264, 0.089, 20.1, 13.4, 750, 616, 250, 16, 3, 0, consumer, 1500},
	{"RTX 3060 Ti", 8192, 0.078, 20.6, 16.2, 860, 448, 200, 16, 4, 0, consumer, 900},
	{"RTX 3070", 8192, 0.084, 22.9, 20.3, 860, 448, 220, 16, 4, 0, consumer, 1300},
	{"RTX 3080 Ti", 12288, 0.138, 38.7, 34.1, 860, 912, 350, 16, 4, 0, consumer, 1200},
	{"RTX 3090 Ti", 24564, 0.228, 45.9, 40.0, 860, 1008, 450, 16, 4, 0, consumer, 900},
	{"RTX 4060 Ti", 16380, 0.104, 26.8, 22.1, 890, 288, 165, 8, 4, 0, consumer, 1700},
	{"RTX 4070", 12282, 0.128, 35.6, 29.1, 890, 504, 200, 16, 4, 0, consumer, 1200},
	{"RTX 4070S", 12282, 0.142, 43.8, 35.5, 890, 504, 220, 16, 4, 0, consumer, 1000},
	{"RTX 4070S Ti", 16376, 0.178, 54.1, 44.1, 890, 672, 285, 16, 4, 0, consumer, 1000},
	{"RTX 4080S", 16376, 0.246, 70.9, 52.2, 890, 736, 320, 16, 4, 0, consumer, 1300},
	{"RTX 4090D", 24564, 0.342, 90.3, 73.5, 890, 1008, 425, 16, 4, 0, consumer, 500},
	{"RTX 5060 Ti", 16311, 0.128, 38.5, 23.7, 1200, 448, 180, 8, 5, 0, consumer, 900},
	{"RTX 5070", 12227, 0.158, 56.4, 30.9, 1200, 672, 250, 16, 5, 0, consumer, 800},
	{"RTX 5070 Ti", 16303, 0.218, 79.2, 43.9, 1200, 896, 300, 16, 5, 0, consumer, 1100},
	{"RTX 5080", 16303, 0.278, 98.6, 56.3, 1200, 960, 360, 16, 5, 0, consumer, 1300},
	{"RTX A2000", 12282, 0.081, 9.4, 8.0, 860, 288, 70, 16, 4, 0, workstation, 500},
	{"RTX A4500", 20470, 0.178, 24.8, 23.7, 860, 640, 200, 16, 4, 56.2, workstation, 700},
	{"RTX 4000Ada", 20475, 0.242, 33.5, 26.7, 890, 360, 130, 16, 4, 0, workstation, 800},
	{"RTX 5000Ada", 32760, 0.412, 71.6, 65.3, 890, 576, 250, 16, 4, 0, workstation, 500},
	{"RTX 6000Ada", 49140, 0.684, 114.7, 91.1, 890, 960, 300, 16, 4, 0, workstation, 1900},
	{"RTX PRO 4000", 24467, 0.342, 84.2, 46.9, 1200, 672, 145, 16, 5, 0, workstation, 300},
	{"RTX PRO 5000", 48935, 0.620, 128.6, 73.7, 1200, 1344, 300, 16, 5, 0, workstation, 300},
	{"RTX PRO 6000 S", 97887, 1.180, 238.5, 120.1, 1200, 1597, 600, 16, 5, 0, datacenter, 900},
	{"RTX PRO 6000 WS", 97887, 1.040, 229.8, 126.0, 1200, 1792, 600, 16, 5, 0, workstation, 1500},
	{"Q RTX 8000", 46080, 0.262, 22.6, 16.3, 750, 672, 260, 16, 3, 56.2, workstation, 500},
	{"Titan RTX", 24576, 0.172, 21.7, 16.3, 750, 672, 280, 16, 3, 56.2, workstation, 300},
	{"Titan V", 12288, 0.118, 20.3, 14.9, 700, 653, 250, 16, 3, 0, workstation, 300},
	{"InstinctMI50", 32752, 0.138, 8.6, 13.4, 0, 1024, 300, 16, 4, 0, datacenter, 200},
	{"InstinctMI100", 32752, 0.262, 19.8, 23.1, 0, 1229, 300, 16, 4, 0, datacenter, 150},
	{"InstinctMI210", 65520, 0.615, 48.9, 22.6, 0, 1638, 300, 16, 4, 0, datacenter, 150},
	{"InstinctMI250X", 65520, 0.910, 71.2, 47.9, 0, 1638, 560, 16, 4, 0, datacenter, 150},
	{"PRO W7900", 49136, 0.548, 44.1, 61.3, 0, 864, 295, 16, 4, 0, workstation, 150},
	{"RX 7900 GRE", 16368, 0.142, 24.9, 46.0, 0, 576, 260, 16, 4, 0, consumer, 150},
}

// A cpuModel is a processor and the board it sits on.
type cpuModel struct {
	name  string
	mobo  string
	cores int // threads of the whole machine
	ghz   float64
	arch  string
}

var consumerCPUs = []cpuModel{
	{"AMD Ryzen 9 5950X 16-Core Processor", "X570 AORUS ELITE", 32, 3.4, "amd64"},
	{"AMD Ryzen 9 7950X 16-Core Processor", "ROG STRIX X670E-E", 32, 4.5, "amd64"},
	{"AMD Ryzen 7 5800X 8-Core Processor", "B550M PRO-VDH WIFI", 16, 3.8, "amd64"},
	{"AMD Ryzen 5 5600G with Radeon Graphics", "TUF GAMING B550M-PLUS", 12, 3.9, "amd64"},
	{"Intel® Core™ i9-13900K", "Z790 UD AX", 32, 3.0, "amd64"},
	{"Intel® Core™ i7-12700F", "PRO Z690-A", 20, 2.1, "amd64"},
	{"Intel® Core™ i5-10400F", "H510M S2H", 12, 2.9, "amd64"},
	{"AMD Ryzen Threadripper 3960X 24-Core", "TRX40 CREATOR", 48, 3.8, "amd64"},
}

var serverCPUs = []cpuModel{
	{"AMD EPYC 7763 64-Core Processor", "H12DSG-O-CPU", 256, 2.5, "amd64"},
	{"AMD EPYC 9654 96-Core Processor", "H13DSG-O-CPU", 384, 2.4, "amd64"},
	{"AMD EPYC 7542 32-Core Processor", "ROMED8-2T", 64, 2.9, "amd64"},
	{"AMD EPYC 7413 24-Core Processor", "MZ32-AR0-00", 48, 2.7, "amd64"},
	{"Intel® Xeon® Platinum 8480C", "X13DEG-OAD", 224, 2.0, "amd64"},
	{"Intel® Xeon® Gold 6330", "X12DPG-OA6", 112, 2.0, "amd64"},
	{"Xeon® E5-2680 v4", "X10DRG-Q", 56, 2.4, "amd64"},
	{"Xeon® Silver 4110", "X11DPG-QT", 32, 2.1, "amd64"},
}

var graceCPU = cpuModel{"NVIDIA Grace 72-Core", "P3809-A00", 72, 3.1, "arm64"}

// A diskModel is the drive a machine rents space on.
type diskModel struct {
	name string
	bw   float64 // MB/s
}

var consumerDisks = []diskModel{
	{"Samsung SSD 980 PRO 2TB", 5120}, {"WD_BLACK SN850X 4000GB", 6340},
	{"KINGSTON SNV2S2000G", 2870}, {"Samsung SSD 870 EVO 2TB", 534}, {"CT2000P3SSD8", 2410},
	{"TEAM TM8FP6002T", 1920},
}

var serverDisks = []diskModel{
	{"SAMSUNG MZQL23T8HCLS-00A07", 6120}, {"INTEL SSDPE2KX040T8", 2890},
	{"Micron_7450_MTFDKCC7T6TFR", 6480}, {"KIOXIA KCD81RUG7T68", 7010}, {"nvme-raid0", 9240},
}

// driver pairs a driver version with the newest CUDA it supports.
type driver struct {
	version string
	cuda    float64
}

var drivers = []driver{
	{"535.183.01", 12.2}, {"535.216.01", 12.2}, {"550.54.15", 12.4}, {"550.127.05", 12.4},
	{"555.42.06", 12.5}, {"560.35.03", 12.6}, {"565.57.01", 12.7}, {"570.86.15", 12.8},
	{"570.172.08", 12.8}, {"575.57.08", 12.9}, {"580.65.06", 13.0},
}
