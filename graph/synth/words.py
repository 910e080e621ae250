"""The words that invented articles are made of."""


def _words(text: str, between: str = " ") -> tuple[str, ...]:
    return tuple(text.split(between))


PLACES = _words(
    "Aldermoor Brackwater Carrowby Dunmarsh Eastholm Fellgate Garrowdale Hartsea Inverlocke Jessamy Kelderton Larkfield "
    "Marrowick Northolt Ospringe Penhallow Quarrybank Ravensholt Saltmere Thornaby Ullesworth Vennacott Westerlea "
    "Yarrowford Zellbridge Ashcombe Birchover Coldharbour Dovercliff Elmstead Farrowmouth Glenfinlay Highmoss Ironbridge "
    "Kingsfold Lowmarket Millhaven Netherby Oakhampton Port Pinewell Roseworthy Sandhaven Tidewell Undercliff Wickford"
)
MAKERS = _words(
    "Harbour Meridian Lantern Granite Northern Copper Silver Tidal Orchard Summit Beacon Willow Cobalt Falcon Juniper "
    "Keystone Larch Maple Nimbus Onyx Pilot Quartz Raven Sterling Timber Umber Vector Walnut Zenith Amber Basalt Cedar "
    "Delta Ember Fjord Glacier Heron Island Jasper Kestrel"
)
OUTLETS = _words(
    "Post Courier Gazette Herald Tribune Observer Chronicle Journal Monitor Dispatch Review Record Sentinel Bulletin "
    "Register Times Mail Echo Standard Argus"
)
TOPICS = _words(
    "Energy Transport Fisheries Culture Science Housing Health Education Weather Farming Shipping Railways Banking "
    "Elections Courts Sport Music Theatre Museums Forestry Mining Robotics Software Batteries Satellites Oceans Rivers "
    "Tourism Bakeries Bridges Schools Hospitals Ports Airports Festivals Taxes Water Wind Solar Heritage"
)
ACTORS = _words(
    "council ministry engineers pupils skippers farmers union museum university hospital brewery shipyard railway "
    "orchestra library startup regulator volunteers archivists foresters mayor court bank cooperative observatory"
)
ACTIONS = _words(
    "opens postpones rebuilds audits sells repairs tests maps defends abandons celebrates extends inspects launches "
    "measures questions renames restores studies welcomes closes doubles halves registers insures"
)
THINGS = _words(
    "lighthouse ferry turbine vineyard tramline archive reservoir greenhouse telescope pension harbour orchard satellite "
    "battery bridge aqueduct theatre sawmill clinic airfield quarry windmill cable granary signal tunnel lifeboat "
    "weather-station printing-press flood-barrier night-train seed-bank apprenticeship timetable curriculum budget"
)
QUALITIES = _words(
    "first electric forgotten record-breaking wooden contested floating silent regional historic cheaper delayed public "
    "underground temporary award-winning experimental restored shared northern"
)
REASONS = _words(
    "after a year of talks|despite the rain|before the winter|to save money|as prices fall|against advice|for the children|"
    "with borrowed tools|ahead of the vote|while the tide allows|in spite of doubts|on the third attempt",
    between="|",
)
