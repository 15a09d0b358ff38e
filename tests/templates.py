"""Makes sets of texts as forms, shops and offices fill up with: few sentences, said again and again with other details.

Each is made by code, the same for a seed.  It knows no clusters and no names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

Sentences = Mapping[str, Sequence[str]]
"""The sentences of each topic, with {slots}."""

SLOTS: Mapping[str, Sequence[str]] = {
    "street": ("Mill Lane", "Station Road", "High Street", "Park Avenue", "Queen Street", "Church Hill"),
    "month": ("January", "March", "April", "June", "September", "November"),
    "n": ("two", "three", "four", "five", "six", "ten"),
    "digit": ("2", "3", "4", "7", "12", "30"),
    "car": ("Golf", "Polo", "Fiesta", "Corsa", "Octavia", "Clio"),
    "thing": ("kettle", "toaster", "drill", "lamp", "vacuum cleaner", "mower"),
    "color": ("black", "red", "blue", "white", "green", "grey"),
    "raum": ("Raum 12", "Raum 204", "der Buchhaltung", "der Werkstatt", "Halle 3", "der Küche"),
    "name": ("Lea", "Tom", "Ewa", "Jonas", "Mum", "Grandpa"),
    "nom": ("Paul", "Camille", "Nadia", "Luc", "Sofia", "Marc"),
    "ville": ("Lyon", "Nantes", "Lille", "Genève", "Annecy", "Dijon"),
    "veg": ("peas", "beans", "leeks", "carrots", "onions", "lettuce"),
    "tag": ("Montag", "Dienstag", "Mittwoch", "Freitag"),
}

COMPLAINTS: Sentences = {
    "council tax line": (
        "Nobody answers the council tax line. Tried {n} times.",
        "The council tax line is always engaged.",
    ),
    "council tax bill": (
        "Charged council tax twice for {month}.",
        "Charged council tax for a flat in {street} that I left in {month}.",
    ),
    "bin": (
        "Bin not collected for {n} weeks in {street}.",
        "Brown bin not collected again.",
        "Our bin was not collected on {month} {digit}.",
    ),
    "lids": ("Crew left the lids in the road in {street}.", "Crew left bins and lids all over the road."),
    "noise": ("Noise at night from builders in {street}.", "Builders start at {n} in the night, every night."),
    "e-mail": (
        "Sent an e-mail {n} weeks ago, no reply.",
        "No reply to my e-mail of {month}.",
        "My e-mail was never answered.",
    ),
    "dog": (
        "Dog mess on the pavement in {street}, nobody picks it up.",
        "Owner never picks up dog mess by the school.",
    ),
    "pothole": ("Pothole in {street} filled badly, open again.", "Deep pothole in {street}, cyclists swerve round it."),
    "lamp": ("Street lamp out in {street} for {n} weeks.", "Street lamp flickers all night in {street}."),
    "tip": ("Mattress dumped in {street}.", "Fridge and sofa dumped behind the garages in {street}."),
}
TICKETS: Sentences = {
    "Drucker": (
        "Drucker in {raum} druckt nicht.",
        "Der Drucker in {raum} hat Papierstau.",
        "Drucker in {raum}: Papierstau",
    ),
    "Passwort": (
        "Passwort vergessen, bitte zurücksetzen.",
        "Bitte mein Passwort zurücksetzen, Konto seit {tag} gesperrt.",
    ),
    "VPN": ("VPN bricht seit {tag} alle {digit} Minuten ab.", "Die VPN-Verbindung bricht ständig ab."),
    "Heizung": ("In {raum} ist es viel zu kalt, Heizung geht nicht.", "Heizung in {raum} ausgefallen, viel zu kalt."),
    "Zugang": ("Neue Kollegin braucht Zugang zum Laufwerk Vertrieb.", "Bitte Zugang zum Laufwerk Einkauf für {nom}."),
    "Bildschirm": ("Bildschirm in {raum} bleibt schwarz.", "Zweiter Bildschirm wird in {raum} nicht erkannt."),
    "Telefon": (
        "Telefon in {raum} klingelt nicht.",
        "Rufumleitung am Telefon lässt sich seit {tag} nicht ausschalten.",
    ),
    "Mail": ("E-Mail mit großem Anhang kommt nicht an.", "Postfach voll, kann seit {tag} keine E-Mail senden."),
    "Software": (
        "Bitte neue Version der Lohnsoftware installieren.",
        "Lohnsoftware stürzt beim Drucken ab, Fehler {digit}.",
    ),
}
QUESTIONS: Sentences = {
    "warranty": ("How long is the warranty on this {thing}?", "How long is the warranty?"),
    "cable": ("How long is the cable?", "How long is the power cable of the {thing}?"),
    "hose": ("How long is the hose?", "How long is the hose on the {color} one?"),
    "dishwasher": ("Is this dishwasher safe?", "Is it dishwasher safe?", "Can it go in the dishwasher?"),
    "fit": ("Does this fit a {car} from 201{digit}?", "Will it fit my {car}?", "Would these mats fit a {car}?"),
    "batteries": ("Are batteries included?", "Does the {thing} come with batteries?", "What batteries does it take?"),
    "color": ("Do you have it in {color}?", "Does it come in {color} as well?"),
    "noise": ("How loud is the {thing}?", "Is the {thing} quiet enough for a flat?"),
    "spare": ("Where can I get spare parts for the {thing}?", "Do you sell spare blades for the {thing}?"),
    "delivery": ("How soon can you deliver to {street}?", "Do you deliver on Saturdays?"),
    "return": ("Can I send it back if it does not fit?", "How do I return the {thing}?"),
}
REVIEWS: Sentences = {
    "petit-déjeuner": (
        "Le petit-déjeuner était excellent, merci à {nom}.",
        "Petit-déjeuner copieux et excellent café.",
    ),
    "chambre": ("Chambre trop petite pour {digit} personnes.", "La chambre était propre mais trop petite."),
    "bruit": (
        "Beaucoup de bruit de la rue à {ville}, impossible de dormir.",
        "Impossible de dormir à cause du bruit de la rue.",
    ),
    "accueil": ("Accueil chaleureux de {nom} à la réception.", "L'accueil à la réception était chaleureux."),
    "piscine": ("La piscine était fermée pendant notre séjour.", "Piscine fermée sans explication à {ville}."),
    "wifi": ("Le wifi ne marche pas dans les chambres.", "Wifi lent, coupé {digit} fois par jour."),
    "parking": ("Le parking de l'hôtel est payant et cher.", "Parking payant, {digit} euros la nuit."),
    "facture": (
        "Erreur sur la facture, taxe de séjour comptée deux fois.",
        "La facture comptait {digit} nuits de trop.",
    ),
    "transport": ("Une navette électrique va au centre de {ville}.", "Navette gratuite toutes les {digit} minutes."),
}
DIARY: Sentences = {
    "slept": ("Woke at {n}, slept badly again.", "Slept badly, woke at {n}.", "Woke up at {n} and could not sleep."),
    "canal": ("Walked along the canal with {name}.", "Walk along the canal before breakfast, {n} herons."),
    "call": ("Long call with {name} in the evening.", "Call with {name}, she is well."),
    "garden": ("Sowed {veg} in the raised bed.", "Sowed broad {veg} in bed {digit}.", "Weeded the {veg}."),
    "work": ("Boss praised the draft, {n} pages left.", "Late at the office, draft due in {month}."),
    "rent": ("Paid rent for {month} and felt tired.", "Must pay rent and call the dentist."),
    "bread": ("Baked bread with {name}.", "Baked sourdough bread, too dense."),
    "film": ("Watched an old film with {name}.", "Old film on the sofa, fell asleep after {n} minutes."),
}
CARDS: Sentences = {
    "first aid": ("First aid list of phone numbers for {month}", "First aid kit: check plasters for {month}"),
    "receipts": ("Receipts of the scouts to the treasurer by {month} {digit}", "Receipts of the camp, {n} missing"),
    "tent": ("Tent {digit} leaks at the seam", "Old tent needs {n} new pegs"),
    "orchestra": ("School orchestra needs a hall in {month}", "School orchestra: {n} chairs missing"),
    "battery": ("Replace battery in torch {digit}", "Battery of the megaphone empty"),
    "bus": ("Book the bus to {street} for {month}", "Ask for a cheaper bus for {digit} children"),
    "cake": ("Cake sale on {month} {digit}: who bakes?", "Cake sale made {digit} pounds"),
    "swimming": ("Swimming badge test for {name}", "Hire the swimming pool in {month}"),
}
SETS: Mapping[str, Sentences] = {
    "complaints": COMPLAINTS,
    "tickets": TICKETS,
    "questions": QUESTIONS,
    "reviews": REVIEWS,
    "diary": DIARY,
    "cards": CARDS,
}


def made(sentences: Sentences, *, seed: int = 0) -> tuple[list[str], list[str]]:
    """Return texts in any order and the topic of each: of every topic 16 to 60, its first sentence most often."""
    rng = np.random.default_rng(seed)
    found = []
    for topic, of in sentences.items():
        weights = 1 / (1 + np.arange(len(of)))
        for _ in range(int(rng.integers(16, 61))):
            sentence = str(rng.choice(np.array(of), p=weights / weights.sum()))
            filled = {slot: str(rng.choice(np.array(values))) for slot, values in SLOTS.items()}
            found.append((sentence.format(**filled), topic))
    order = rng.permutation(len(found))
    return [found[i][0] for i in order], [found[i][1] for i in order]
