"""The economic and professional sectors of the Atlante del Lavoro e delle Qualificazioni, to which the
goals of a personalised project refer (decree of 31 July 2025). Twenty-three sectors and the common area;
the numbers are ours, in the order of the Atlante."""

from civic.kernel.i18n import N_

SECTORS = {
    1: N_("Agriculture, forestry and fishing"),
    2: N_("Food production"),
    3: N_("Wood and furniture"),
    4: N_("Paper and cardboard"),
    5: N_("Textiles, clothing, footwear and fashion"),
    6: N_("Chemicals"),
    7: N_("Gas, oil, coal, minerals and stone work"),
    8: N_("Glass, ceramics and building materials"),
    9: N_("Construction"),
    10: N_("Mechanics, machines and installations"),
    11: N_("Transport and logistics"),
    12: N_("Trade and distribution"),
    13: N_("Finance and insurance"),
    14: N_("Tourism"),
    15: N_("Culture and entertainment"),
    16: N_("Information technology"),
    17: N_("Telecommunications and post"),
    18: N_("Public utilities"),
    19: N_("Printing and publishing"),
    20: N_("Social and health services"),
    21: N_("Recreation and sport"),
    22: N_("Personal services"),
    23: N_("Education, training and work"),
    24: N_("Common area"),
}
