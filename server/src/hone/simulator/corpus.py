"""What the simulated assistant of a wedding venue knows: sentences by topic.

The text was written for this file. A topic is found by the words that guests use for it.
"""

TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "capacity": (
        "capacity guest guests people seat seats seated many large size big room hall",
        (
            "The Great Barn seats up to 140 guests for dinner and holds 220 for an evening party.",
            "For a smaller wedding, the Orangery is comfortable with 30 to 60 guests.",
            "Round tables take ten people each, and long tables can be laid for up to 24.",
            "We need your final number of guests three weeks before the day.",
            "If your list grows beyond 140, a clear marquee on the east lawn adds 80 places.",
        ),
    ),
    "dates": (
        "date dates available availability free saturday sunday weekend month summer winter "
        "june july september december calendar when hold reserve",
        (
            "Saturdays from May to September are usually taken about 14 months ahead.",
            "We can hold a date for you for ten days without any charge.",
            "Fridays and Sundays are easier to find and cost about a fifth less.",
            "Winter weddings run from November to March, and the fires are lit all day.",
            "Tell me your first and second choice of date and I will check both.",
        ),
    ),
    "prices": (
        "price prices cost costs quote budget much package packages hire fee fees expensive",
        (
            "Hiring the whole estate on a summer Saturday is 6,800, and on a weekday 4,200.",
            "The price includes tables, chairs, white linen and an event manager until midnight.",
            "Most couples spend between 95 and 130 for each guest on food and drinks.",
            "A written quote is valid for 30 days and lists every item separately.",
        ),
    ),
    "deposits": (
        "deposit deposits pay payment payments instalment instalments cancel cancellation refund "
        "refunds contract insurance invoice",
        (
            "A deposit of 20 percent confirms your booking; the rest follows in two instalments.",
            "The second payment is due six months before the wedding, the last one four weeks before.",
            "If you cancel more than nine months ahead, half of the deposit is returned.",
            "Moving to another date is free once, as long as you tell us six months before.",
            "We recommend wedding insurance that also covers illness and suppliers who fail.",
        ),
    ),
    "catering": (
        "catering cater caterer food menu menus dinner lunch meal meals buffet vegan vegetarian "
        "gluten allergy allergies halal kosher cake tasting chef eat",
        (
            "Our kitchen offers three set menus, a sharing menu and a buffet for the evening.",
            "Vegan, vegetarian and gluten-free dishes are on every menu at no extra cost.",
            "Please send allergies with the final list; the chef speaks to each guest concerned.",
            "A tasting for two is included and takes place about three months before the day.",
            "You may bring your own cake, and we cut and serve it without a fee.",
            "Outside caterers are welcome for halal, kosher and regional kitchens.",
        ),
    ),
    "drinks": (
        "drink drinks bar wine champagne beer cocktail cocktails corkage toast alcohol",
        (
            "The bar stays open until half past midnight and takes cards and cash.",
            "You can bring your own wine for a corkage of 14 a bottle.",
            "A welcome drink and one glass for the toast are part of every package.",
            "Our bartender is happy to name two cocktails after you.",
        ),
    ),
    "parking": (
        "parking park car cars coach bus taxi taxis train station drive arrive transport shuttle "
        "travel directions airport",
        (
            "There is free parking for 90 cars beside the walled garden.",
            "Coaches can turn in the yard and wait behind the barn.",
            "Cars may stay overnight and should be collected by eleven in the morning.",
            "The station is twelve minutes away, and we can arrange a shuttle for your guests.",
            "Please book taxis for the end of the night in advance, as few wait in the village.",
        ),
    ),
    "rooms": (
        "rooms overnight stay sleep accommodation hotel bedroom bedrooms cottage suite bed "
        "breakfast lodge",
        (
            "There are 18 bedrooms on the estate, and the couple's suite is included.",
            "Breakfast for everyone who stays is served in the Orangery from eight to ten.",
            "Two inns in the village keep rooms for our guests until eight weeks before.",
            "Rooms are ready from three in the afternoon; the suite is yours from noon.",
        ),
    ),
    "ceremony": (
        "ceremony registrar civil vows chapel church aisle outdoor outdoors outside garden "
        "licence legal officiant",
        (
            "The barn, the Orangery and the lakeside pavilion are all licensed for ceremonies.",
            "Couples book the registrar themselves; we send you the form and the reference.",
            "Outside ceremonies take place by the lake, with seats for 120.",
            "The village church is a six minute walk along the lime avenue.",
        ),
    ),
    "weather": (
        "rain weather wet cold heating hot marquee tent umbrella umbrellas backup indoors plan",
        (
            "If it rains, we move the ceremony to the Orangery; you decide by ten that morning.",
            "We keep 60 white umbrellas ready for photographs between the showers.",
            "The barn has underfloor heating, and its doors open wide on warm days.",
        ),
    ),
    "music": (
        "music band dj dance dancing disco sound noise party evening late midnight piano speakers",
        (
            "Live bands may play until eleven, and a DJ until half past midnight.",
            "A sound limiter is set at 95 decibels, which is enough for a full dance floor.",
            "The barn has a stage, a dance floor of oak and its own speakers.",
            "A piano stands in the Orangery and is tuned before each wedding.",
        ),
    ),
    "flowers": (
        "flowers florist decoration decorations decor candles confetti lights balloons theme "
        "photographs photographer photo photos video drone",
        (
            "Your florist can set up from nine in the morning, or the evening before if we are free.",
            "Candles are fine in glass; confetti should be dried petals and thrown outside.",
            "Strings of lights in the barn are always up and belong to the hire.",
            "Photographers like the lake at sunset, so we plan twenty minutes for it.",
            "Drones are allowed before the meal with a licensed pilot.",
        ),
    ),
    "access": (
        "wheelchair access accessible step disabled ramp lift children child kids baby pets dog "
        "dogs pet hearing",
        (
            "Every public room is on one level, and two bedrooms have a step-free shower.",
            "A hearing loop is fitted in the barn and the Orangery.",
            "Children are welcome; high chairs, a quiet room and a menu of their own are free.",
            "Well-behaved dogs may come to the ceremony and stay in the cottage.",
        ),
    ),
    "visits": (
        "visit viewing tour see show appointment meet open call phone email contact talk",
        (
            "You are welcome to look around on any weekday, and on Sundays by appointment.",
            "A visit takes about an hour, and you will meet the person who runs your day.",
            "Would you like me to arrange a visit for this week or the next?",
        ),
    ),
}

SENTENCES: tuple[str, ...] = tuple(
    sentence for _, sentences in TOPICS.values() for sentence in sentences
)

KEY_WORDS: dict[str, str] = {
    word: topic for topic, (words, _) in TOPICS.items() for word in words.split()
}
