/** Published data as the columns a user would have in a file. The sources are named beside each. */
const column = (name: string, values: readonly (number | string)[]): string => `${[name, ...values].join('\n')}\n`;
const columns = (names: readonly string[], ...values: readonly (readonly (number | string)[])[]): string =>
  `${[names.join(','), ...(values[0] ?? []).map((_, row) => values.map((each) => each[row]).join(','))].join('\n')}\n`;

/** D. C. Montgomery, Introduction to Statistical Quality Control: cans of orange juice, purchase orders, circuit boards, dyed cloth. */
export const orangeJuice = column('defective', [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]);
export const purchaseOrders = columns(['defective', 'inspected'],
  [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9],
  [100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90]);
export const circuitBoards = column('nonconformities', [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]);
export const dyedCloth = columns(['defects', 'units'], [14, 12, 20, 11, 7, 10, 21, 16, 19, 23],
  [10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5]);
export const personalComputers = column('nonconformities', [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]);

/** NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.4 and 6.3.2.3. */
export const nistEwma = column('x', [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]);
export const nistCusum = column('x', [
  324.925, 324.675, 324.725, 324.35, 325.35, 325.225, 324.125, 324.525, 325.225, 324.6, 324.625, 325.15, 328.325, 327.25, 327.825, 328.5, 326.675,
  327.775, 326.875, 328.35,
]);

/** Eight boiler temperatures: R package qcc. */
export const boiler = [
  '507,516,527,516,499,512,472,477',
  '512,513,533,518,502,510,476,475',
  '520,512,537,518,503,512,480,477',
  '520,514,538,516,504,517,480,479',
  '530,515,542,525,504,512,481,477',
  '528,516,541,524,505,514,482,480',
  '522,513,537,518,503,512,479,477',
  '527,509,537,521,504,508,478,472',
  '533,514,528,529,508,512,482,477',
  '530,512,538,524,507,512,482,477',
  '530,512,541,525,507,511,482,476',
  '527,513,541,523,506,512,481,476',
  '529,514,542,525,506,512,481,477',
  '522,509,539,518,501,510,476,475',
  '532,515,545,528,507,511,481,478',
  '531,514,543,525,507,511,482,477',
  '535,514,542,530,509,511,483,477',
  '516,515,537,515,501,516,476,481',
  '514,510,532,512,497,512,471,476',
  '536,512,540,526,509,512,482,477',
  '522,514,540,518,497,514,475,478',
  '520,514,540,518,501,514,475,478',
  '526,517,546,522,502,516,477,480',
  '527,514,543,523,502,512,475,476',
  '529,518,544,525,504,516,479,481',
].join('\n');

/** Bottle volumes: ss.data.ca of the R package SixSigma. */
export const bottles = column('volume', [
  755.81, 750.54, 751.05, 749.52, 749.21, 748.38, 748.11, 753.07, 749.56, 750.08, 747.16, 747.53, 749.22, 746.76, 747.64, 750.46, 749.27, 750.33,
  750.26, 751.29,
]);

/** Radiation of 42 oven doors: R. A. Johnson, D. W. Wichern, Applied Multivariate Statistical Analysis, table 4.1. */
export const ovenDoors = column('radiation', [
  0.15, 0.09, 0.18, 0.1, 0.05, 0.12, 0.08, 0.05, 0.08, 0.1, 0.07, 0.02, 0.01, 0.1, 0.1, 0.1, 0.02, 0.1, 0.01, 0.4, 0.1, 0.05, 0.03, 0.05, 0.15, 0.1,
  0.15, 0.09, 0.08, 0.18, 0.1, 0.2, 0.11, 0.3, 0.02, 0.2, 0.2, 0.3, 0.3, 0.4, 0.3, 0.05,
]);

/** `table[operator][trial][part]` as rows. */
const gage = (table: Readonly<Record<string, readonly (readonly number[])[]>>): string =>
  `operator,trial,part,value\n${Object.entries(table).flatMap(([operator, trials]) => trials.flatMap((row, trial) => row.map((value, part) => `${operator},${trial + 1},${part + 1},${value}`))).join('\n')}\n`;

/** AIAG, Measurement Systems Analysis, 4th ed.: gage study, bias of one part of 6.00, linearity. */
export const aiagGage = gage({
  A: [
    [0.29, -0.56, 1.34, 0.47, -0.8, 0.02, 0.59, -0.31, 2.26, -1.36],
    [0.41, -0.68, 1.17, 0.5, -0.92, -0.11, 0.75, -0.2, 1.99, -1.25],
    [0.64, -0.58, 1.27, 0.64, -0.84, -0.21, 0.66, -0.17, 2.01, -1.31],
  ],
  B: [
    [0.08, -0.47, 1.19, 0.01, -0.56, -0.2, 0.47, -0.63, 1.8, -1.68],
    [0.25, -1.22, 0.94, 1.03, -1.2, 0.22, 0.55, 0.08, 2.12, -1.62],
    [0.07, -0.68, 1.34, 0.2, -1.28, 0.06, 0.83, -0.34, 2.19, -1.5],
  ],
  C: [
    [0.04, -1.38, 0.88, 0.14, -1.46, -0.29, 0.02, -0.46, 1.77, -1.49],
    [-0.11, -1.13, 1.09, 0.2, -1.07, -0.67, 0.01, -0.56, 1.45, -1.77],
    [-0.15, -0.96, 0.67, 0.11, -1.45, -0.49, 0.21, -0.49, 1.87, -2.16],
  ],
});
export const aiagBias = column('reading', [5.8, 5.7, 5.9, 5.9, 6, 6.1, 6, 6.1, 6.4, 6.3, 6, 6.1, 6.2, 5.6, 6]);
export const aiagLinearity = `reference,reading\n${Object.entries({
  2: [2.7, 2.5, 2.4, 2.5, 2.7, 2.3, 2.5, 2.5, 2.4, 2.4, 2.6, 2.4],
  4: [5.1, 3.9, 4.2, 5, 3.8, 3.9, 3.9, 3.9, 3.9, 4, 4.1, 3.8],
  6: [5.8, 5.7, 5.9, 5.9, 6, 6.1, 6, 6.1, 6.4, 6.3, 6, 6.1],
  8: [7.6, 7.7, 7.8, 7.7, 7.8, 7.8, 7.8, 7.7, 7.8, 7.5, 7.6, 7.7],
  10: [9.1, 9.3, 9.5, 9.3, 9.4, 9.5, 9.5, 9.5, 9.6, 9.2, 9.3, 9.4],
}).flatMap(([reference, readings]) => readings.map((reading) => `${reference},${reading}`)).join('\n')}\n`;

/** D. C. Montgomery, Design and Analysis of Experiments, section 14.1: purity of batches of three suppliers. */
export const suppliers = gage({
  1: [
    [1, -2, -2, 1],
    [-1, -3, 0, 4],
    [0, -4, 1, 0],
  ],
  2: [
    [1, 0, -1, 0],
    [-2, 4, 0, 3],
    [-3, 2, -2, 2],
  ],
  3: [
    [2, -2, 1, 3],
    [4, 0, -1, 2],
    [0, 2, 2, 1],
  ],
});

/** Yearly flow of the Nile at Aswan 1871 to 1970: G. W. Cobb, Biometrika 65 (1978). */
export const nile = column('flow', [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220,
  1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862,
  698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838,
  1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]);

/** Causes of wrong purchase orders: R package qcc, pareto.chart. */
export const orderFaults = columns(['cause', 'orders'], ['price code', 'schedule date', 'supplier code', 'contact num', 'part num'], [80, 27, 66, 94, 33]);
